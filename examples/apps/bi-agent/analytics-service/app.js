// The API itself.
import express from "express";
import { authorize, issue, Refused, ROLES } from "./auth.js";
import { QUEUES, sendTask, taskState } from "./celery.js";
import { KIND } from "./telemetry.js";

const DATASET = /^[a-z0-9][a-z0-9._-]{0,80}\.csv$/;

/** Returns the application; `background` is a promise of the reports, which load after the service listens. */
export function analytics({ settings, servers, telemetry, background, log }) {
  const app = express();
  app.disable("x-powered-by");
  app.get("/health", async (_, response) => {
    const services = await servers.health();
    const isWell = Object.values(services).every((state) => state === "up");
    response.status(isWell ? 200 : 503).json({ status: isWell ? "healthy" : "unhealthy", services });
  });
  app.use(crossOrigin(settings), limited(settings), traced(telemetry), express.json({ limit: settings.BODY_LIMIT_BYTES }), express.text({ type: "text/csv", limit: settings.BODY_LIMIT_BYTES }));

  const route = (method, path, role, handle) =>
    app[method](path, async (request, response, next) => {
      try {
        const who = authorize(settings, request.get("authorization"), role);
        const isAudited = settings.HIPAA_MODE || (settings.AUDIT_LOG_ENABLED && method !== "get");
        if (isAudited) await servers.audit(who, `${request.method} ${request.path}`);
        await handle(request, response);
      } catch (error) {
        next(error);
      }
    });
  const kpis = () => servers.rows("SELECT name, value, computed_at FROM analytics.kpis ORDER BY name");

  route("get", "/api/v1/kpis", "viewer", async (_, response) => response.json({ kpis: await servers.cached("kpis", kpis) }));
  route("get", "/api/v1/revenue", "viewer", async (_, response) => {
    response.json({ days: await servers.cached("revenue", () => servers.rows("SELECT day::text, revenue, visits::int, ad_spend FROM analytics.revenue_by_day ORDER BY day")) });
  });
  route("get", "/api/v1/sales", "viewer", async (request, response) => {
    const limit = Math.min(Number(request.query.limit) || 50, 500);
    const sales = await servers.rows("SELECT day::text, region, customer, visits, revenue FROM analytics.sales ORDER BY day DESC, region LIMIT $1", [limit]);
    response.json({ sales: settings.HIPAA_MODE ? sales.map((sale) => ({ ...sale, customer: "***" })) : sales });
  });
  route("get", "/api/v1/models", "viewer", async (_, response) => handOn(response, await servers.ml("GET", "/models")));
  route("post", "/api/v1/predictions", "viewer", async (request, response) => handOn(response, await servers.ml("POST", "/predict", request.body)));
  route("put", "/api/v1/datasets/:name", "analyst", async (request, response) => {
    const { name } = request.params;
    if (!DATASET.test(name) || typeof request.body !== "string") throw new Refused(422, "send a CSV file (Content-Type: text/csv) under a name such as sales.csv");
    await servers.objects.put(settings.MINIO_BUCKET_DATASETS, name, request.body, "text/csv");
    response.status(201).json({ dataset: name, bytes: Buffer.byteLength(request.body) });
  });
  route("post", "/api/v1/tasks", "analyst", async (request, response) => {
    const { task, arguments: named = {} } = request.body ?? {};
    if (!Object.hasOwn(QUEUES, task)) throw new Refused(422, `'${task}' is no task; there are ${Object.keys(QUEUES).join(", ")}`);
    const id = await telemetry.span(`send tasks.${task}`, { kind: KIND.producer, queue: QUEUES[task] }, () => sendTask(servers.broker, task, named, telemetry.headers()));
    response.status(202).json({ id, queue: QUEUES[task], trace: telemetry.traceId() });
  });
  route("get", "/api/v1/tasks/:id", "viewer", async (request, response) => response.json(await taskState(servers.results, request.params.id)));
  route("post", "/api/v1/reports", "analyst", async (_, response) => response.status(202).json({ id: await (await background).order(telemetry.headers()) }));
  route("get", "/api/v1/reports/:id", "viewer", async (request, response) => {
    const state = await (await background).state(request.params.id);
    if (!state) throw new Refused(404, `there is no report '${request.params.id}'`);
    response.json(state);
  });
  route("get", "/api/v1/audit", "admin", async (_, response) => {
    response.json({ entries: await servers.rows("SELECT at, who, role, what FROM analytics.audit_log ORDER BY at DESC LIMIT 100") });
  });
  route("post", "/api/v1/tokens", "admin", async (request, response) => {
    const { sub, role } = request.body ?? {};
    if (!sub || !ROLES.includes(role)) throw new Refused(422, `give 'sub' and a 'role' of ${ROLES.join(", ")}`);
    response.status(201).json({ token: issue(settings, String(sub), role) });
  });

  app.use((request, response) => response.status(404).json({ detail: `there is no ${request.method} ${request.path}` }));
  app.use((error, request, response, _next) => {
    const status = error.status ?? 500;
    if (status >= 500) log("error", `${request.method} ${request.path}: ${error.stack ?? error}`);
    response.status(status).json({ detail: status === 500 ? "the request failed; the log says why" : error.message });
  });
  return { app, kpis };
}

function handOn(response, { status, body }) {
  response.status(status).json(body);
}

function crossOrigin({ CORS_ORIGIN }) {
  const allowed = CORS_ORIGIN.split(",").map((origin) => origin.trim());
  return (request, response, next) => {
    const origin = request.get("origin");
    if (origin && allowed.includes(origin)) {
      response.set({ "access-control-allow-origin": origin, "access-control-allow-headers": "authorization, content-type", "access-control-allow-methods": "GET, POST, PUT", vary: "origin" });
    }
    return request.method === "OPTIONS" ? response.status(204).end() : next();
  };
}

function limited({ RATE_LIMIT_WINDOW_MS, RATE_LIMIT_MAX }) {
  let window = 0;
  let asked = new Map();
  return (request, response, next) => {
    const now = Math.floor(Date.now() / Math.max(1, RATE_LIMIT_WINDOW_MS));
    if (now !== window) [window, asked] = [now, new Map()];
    const count = (asked.get(request.ip) ?? 0) + 1;
    asked.set(request.ip, count);
    return count > RATE_LIMIT_MAX ? response.status(429).json({ detail: `more than ${RATE_LIMIT_MAX} requests in ${RATE_LIMIT_WINDOW_MS} ms` }) : next();
  };
}

function traced(telemetry) {
  return (request, response, next) => {
    const begun = performance.now();
    const parent = request.get("traceparent");
    telemetry.span(`${request.method} ${request.path}`, { kind: KIND.server, parent }, (span) =>
      new Promise((resolve) => {
        response.once("close", () => {
          const about = { method: request.method, route: request.route?.path ?? "none", status: String(response.statusCode) };
          Object.assign(span.attributes, about);
          telemetry.record("http.server.request.duration", (performance.now() - begun) / 1000, about);
          resolve();
        });
        next();
      }),
    );
  };
}
