import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../settings.js";

test("without variables every option has the default of a development stack", () => {
  const settings = readSettings({});
  assert.ok(Object.keys(settings).length > 30);
  assert.equal(settings.PORT, 3000);
  assert.equal(settings.RBAC_ENABLED, true);
});

test("an empty variable counts as none, a text becomes what the option is", () => {
  const settings = readSettings({ PORT: "", CACHE_TTL_SECONDS: "5", HIPAA_MODE: "TRUE" });
  assert.deepEqual([settings.PORT, settings.CACHE_TTL_SECONDS, settings.HIPAA_MODE], [3000, 5, true]);
});

test("all that is wrong is told at once", () => {
  assert.throws(() => readSettings({ PORT: "many", RBAC_ENABLED: "maybe", RBAC_DEFAULT_ROLE: "boss" }), {
    message: "These settings are wrong:\n  PORT: 'many' is not a number\n  RBAC_ENABLED: 'maybe' is neither true nor false\n  RBAC_DEFAULT_ROLE: 'boss' is none of viewer, analyst, admin",
  });
});
