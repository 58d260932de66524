import assert from "node:assert/strict";
import { test } from "node:test";
import { authorize, issue } from "../auth.js";

const settings = { RBAC_ENABLED: true, RBAC_DEFAULT_ROLE: "", JWT_SECRET: "a secret", JWT_EXPIRES_IN_SECONDS: 60 };
const bearer = (role, now) => `Bearer ${issue(settings, "anna", role, now)}`;

test("a higher role may all that a lower may, and not the other way round", () => {
  assert.equal(authorize(settings, bearer("admin"), "viewer").sub, "anna");
  assert.throws(() => authorize(settings, bearer("viewer"), "analyst"), { status: 403 });
});

test("without a token the default role counts, and without one nobody is let in", () => {
  assert.equal(authorize({ ...settings, RBAC_DEFAULT_ROLE: "analyst" }, undefined, "viewer").role, "analyst");
  assert.throws(() => authorize(settings, undefined, "viewer"), { status: 401 });
});

test("a token that has expired, was altered or signed otherwise is refused", () => {
  assert.throws(() => authorize(settings, bearer("admin", Date.now() - 61_000), "viewer"), /expired/);
  assert.throws(() => authorize(settings, `${bearer("viewer")}x`, "viewer"), /signature/);
  assert.throws(() => authorize({ ...settings, JWT_SECRET: "another" }, bearer("viewer"), "viewer"), /signature/);
  assert.throws(() => authorize(settings, "Bearer a.b", "viewer"), { status: 401 });
});
