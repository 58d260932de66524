// Serves the page. It is put together here, with what the API and the ML service say under their names in the network;
// what the browser asks for later goes to the addresses that the browser can reach.
import { readFileSync } from "node:fs";
import http from "node:http";
import { pathToFileURL } from "node:url";

const DEFAULTS = {
  PORT: "3001",
  ANALYTICS_API_URL: "http://analytics-api:3000",
  ML_SERVICE_URL: "http://ml-service:8000",
  NEXT_PUBLIC_API_URL: "http://localhost:3000",
  NEXT_PUBLIC_ML_URL: "http://localhost:8000",
  NEXT_PUBLIC_GRAFANA_URL: "http://localhost:3002",
  NEXT_PUBLIC_JAEGER_URL: "http://localhost:16686",
  NEXT_PUBLIC_PROMETHEUS_URL: "http://localhost:9090",
  NEXT_PUBLIC_MINIO_URL: "http://localhost:9001",
};
const FILES = { "/app.js": "text/javascript; charset=utf-8", "/style.css": "text/css; charset=utf-8" };
// The page comes at once: what has not answered by then is on the next one.
const PATIENCE = 250;
const LONGEST = 5000;
const answers = new Map();

/** Returns the settings: the variables given, else the defaults of a development stack. */
export function readSettings(environment = process.env) {
  return Object.fromEntries(Object.entries(DEFAULTS).map(([name, fallback]) => [name, environment[name] || fallback]));
}

/** Returns the server, not yet listening. */
export function web(settings) {
  return http.createServer(async (request, response) => {
    const path = request.url.split("?", 1)[0];
    if (request.method !== "GET" && request.method !== "HEAD") return answer(response, 405, "text/plain", "method not allowed\n");
    if (path === "/") return answer(response, 200, "text/html; charset=utf-8", await page(settings, request.headers));
    if (path === "/health") return answer(response, 200, "application/json", '{"status":"healthy"}');
    if (Object.hasOwn(FILES, path)) return answer(response, 200, FILES[path], read(path.slice(1)));
    return answer(response, 404, "text/plain; charset=utf-8", `there is no page '${path}'; try /\n`);
  });
}

async function page(settings, headers) {
  const { authorization, traceparent } = headers;
  const along = { ...(authorization && { authorization }), ...(traceparent && { traceparent }) };
  const [kpis, models] = await Promise.all([ask(`${settings.ANALYTICS_API_URL}/api/v1/kpis`, along), ask(`${settings.ML_SERVICE_URL}/models`, along)]);
  const parts = {
    kpis: kpis.failure ?? (list(kpis.body.kpis, ({ name, value }) => `<dt>${escaped(name)}</dt><dd>${Number(value).toLocaleString("en")}</dd>`) || "<dt>None yet</dt><dd>load the sample below</dd>"),
    models: models.failure ?? (list(models.body.models, ({ name, rows, r_squared }) => `<dt>${escaped(name)}</dt><dd>R² ${Number(r_squared).toFixed(3)} on ${rows} rows</dd>`) || "<dt>None yet</dt><dd>train one below</dd>"),
    links: links(settings),
    settings: escaped(JSON.stringify({ api: settings.NEXT_PUBLIC_API_URL, ml: settings.NEXT_PUBLIC_ML_URL })),
  };
  return read("index.html").replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
}

/** Returns what a server says, else what it said last; what is said to somebody with a token is not kept. */
async function ask(url, headers) {
  const asking = fetched(url, headers).then((answer) => {
    if (!headers.authorization) answers.set(url, answer);
    return answer;
  });
  const inTime = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(() => (headers.authorization ? asking : answers.get(url)));
  return (await Promise.race([asking, inTime])) ?? { failure: "<dt>Still asking</dt><dd>reload the page</dd>" };
}

async function fetched(url, headers) {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(LONGEST) });
    const body = await response.json();
    return response.ok ? { body } : { failure: `<dt>Not to be had</dt><dd>${escaped(body.detail ?? response.status)}</dd>` };
  } catch (error) {
    return { failure: `<dt>Not to be had</dt><dd>${escaped(new URL(url).host)}: ${escaped(error.cause?.code ?? error.name)}</dd>` };
  }
}

function links(settings) {
  const pages = {
    "Analytics API": `${settings.NEXT_PUBLIC_API_URL}/health`,
    "ML service": `${settings.NEXT_PUBLIC_ML_URL}/docs`,
    Grafana: settings.NEXT_PUBLIC_GRAFANA_URL,
    Jaeger: settings.NEXT_PUBLIC_JAEGER_URL,
    Prometheus: settings.NEXT_PUBLIC_PROMETHEUS_URL,
    MinIO: settings.NEXT_PUBLIC_MINIO_URL,
  };
  return Object.entries(pages).map(([name, url]) => `<a href="${escaped(url)}">${name}</a>`).join("\n");
}

function list(items, shown) {
  return items.map(shown).join("\n");
}

function escaped(text) {
  return String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function read(file) {
  return readFileSync(new URL(`./public/${file}`, import.meta.url), "utf8");
}

function answer(response, status, type, body) {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store", "x-content-type-options": "nosniff" });
  response.end(body);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const settings = readSettings();
  const server = web(settings).listen(Number(settings.PORT), () => console.log(`the page is on port ${settings.PORT}`));
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.once(signal, () => {
      server.close(() => process.exit(0));
      server.closeIdleConnections();
    });
  }
}
