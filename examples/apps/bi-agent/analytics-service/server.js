// Puts the parts together and serves them until it is told to stop.
import { analytics } from "./app.js";
import { logger } from "./log.js";
import { Servers } from "./servers.js";
import { readSettings } from "./settings.js";
import { Telemetry } from "./telemetry.js";

const settings = readSettings();
const log = logger(settings);
const telemetry = Telemetry.of(settings);
const servers = new Servers(settings, telemetry, log);
let loaded;
const background = new Promise((resolve) => (loaded = resolve));
const { app, kpis } = analytics({ settings, servers, telemetry, background, log });

const server = app.listen(settings.PORT, () => {
  log("info", `analytics API on port ${settings.PORT} (${settings.NODE_ENV}), roles ${settings.RBAC_ENABLED ? "on" : "OFF"}, HIPAA mode ${settings.HIPAA_MODE ? "on" : "off"}`);
  // The queue's library takes as long to load as all the rest: nobody has to wait for it.
  import("./reports.js").then(({ reports }) => loaded(reports({ settings, objects: servers.objects, kpis, telemetry })));
});

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, async () => {
    setTimeout(() => process.exit(1), settings.SHUTDOWN_TIMEOUT_MS).unref();
    server.close();
    server.closeIdleConnections();
    await (await background).close();
    await telemetry.flush();
    await servers.close();
    process.exit(0);
  });
}
