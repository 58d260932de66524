// Serves the page under /admin/ and passes /api/ and /health on to the pipeline's API, streams included.
// The page comes from here even when the API is gone, so that it can say so.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const PAGES = {
  "/admin/": ["index.html", "text/html; charset=utf-8"],
  "/admin/app.js": ["app.js", "text/javascript; charset=utf-8"],
  "/admin/style.css": ["style.css", "text/css; charset=utf-8"],
  "/admin/icon.svg": ["icon.svg", "image/svg+xml"],
};
const SAFETY = {
  "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};
const CAUSES = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  EPIPE: "connection reset",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "network unreachable",
  ENOTFOUND: "the host name does not resolve",
  EAI_AGAIN: "the host name does not resolve",
  ETIMEDOUT: "no answer in time",
};
const NOT_PASSED_ON = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];

/** Returns the server, not yet listening. `patience` is how long the API may take to begin its answer. */
export function dashboard({ api, production, patience = 30_000 }) {
  const target = new URL(api);
  const files = production ? frozenFiles() : freshFiles();
  const server = http.createServer((request, response) => {
    const path = request.url.split("?", 1)[0];
    if (path.startsWith("/api/") || path === "/health" || path.startsWith("/health/")) {
      return passOn(target, patience, request, response);
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      return answer(response, 405, { allow: "GET, HEAD" }, "method not allowed\n");
    }
    if (path === "/" || path === "/admin") return answer(response, 302, { location: "/admin/" }, "");
    if (path === "/admin/about") {
      const about = { api: origin(target), mode: production ? "production" : "development" };
      return answer(response, 200, { "content-type": "application/json", "cache-control": "no-store" }, JSON.stringify(about));
    }
    if (!Object.hasOwn(PAGES, path)) return answer(response, 404, { "content-type": "text/plain" }, `no page '${path}'; try /admin/\n`);
    return files(path, request, response);
  });
  server.requestTimeout = 0; // an upload may be slow, a stream never ends
  return server;
}

/** Development: read for each request, never cached. */
function freshFiles() {
  return (path, request, response) => {
    const [file, type] = PAGES[path];
    answer(response, 200, { ...SAFETY, "content-type": type, "cache-control": "no-store" }, read(file));
  };
}

/** Production: read and compressed once; the browser asks again, and is told "not modified" while it holds. */
function frozenFiles() {
  const kept = new Map(Object.entries(PAGES).map(([path, [file, type]]) => [path, frozen(read(file), type)]));
  return (path, request, response) => {
    const { bodies, headers } = kept.get(path);
    if (request.headers["if-none-match"] === headers.etag) return answer(response, 304, headers, "");
    const accepted = String(request.headers["accept-encoding"] ?? "");
    const encoding = ["br", "gzip"].find((name) => new RegExp(`\\b${name}\\b`).test(accepted));
    const encoded = encoding ? { ...headers, "content-encoding": encoding } : headers;
    answer(response, 200, encoded, bodies[encoding ?? "identity"]);
  };
}

function frozen(content, type) {
  const etag = `W/"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`;
  return {
    bodies: { identity: content, gzip: gzipSync(content), br: brotliCompressSync(content) },
    headers: { ...SAFETY, "content-type": type, "cache-control": "public, no-cache", vary: "accept-encoding", etag },
  };
}

function read(file) {
  return readFileSync(new URL(`public/${file}`, import.meta.url));
}

/** Passes a request on as it comes and the answer back as it comes; nothing is held back, so streams flow. */
function passOn(target, patience, request, response) {
  const client = target.protocol === "https:" ? https : http;
  const headers = { ...kept(request.headers), host: target.host, "x-forwarded-for": request.socket.remoteAddress ?? "" };
  const outgoing = client.request(new URL(request.url, target), { method: request.method, headers, agent: false });
  const waiting = setTimeout(() => outgoing.destroy(Object.assign(new Error("silent"), { code: "ETIMEDOUT" })), patience);
  outgoing.on("response", (incoming) => {
    clearTimeout(waiting);
    response.writeHead(incoming.statusCode, kept(incoming.headers));
    response.flushHeaders();
    incoming.pipe(response);
    incoming.on("error", () => response.destroy()); // lost in the middle: the reader must notice
  });
  outgoing.on("error", (error) => {
    clearTimeout(waiting);
    if (response.headersSent || response.destroyed) return response.destroy();
    const why = CAUSES[error.code] ?? error.message;
    const body = { error: "api_unreachable", reason: why, detail: `API unreachable at ${origin(target)}: ${why}` };
    return answer(response, 502, { "content-type": "application/json", "cache-control": "no-store" }, JSON.stringify(body));
  });
  response.on("close", () => {
    clearTimeout(waiting);
    outgoing.destroy();
  });
  request.pipe(outgoing);
}

function kept(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_PASSED_ON.includes(name)));
}

function origin(url) {
  return `${url.protocol}//${url.host}`;
}

function answer(response, status, headers, body) {
  response.writeHead(status, { ...headers, ...(status === 304 ? {} : { "content-length": Buffer.byteLength(body) }) });
  response.end(response.req.method === "HEAD" || status === 304 ? undefined : body);
}

function main() {
  const api = process.env.PIPELINE_API_URL || "http://pipeline-api:8000";
  const port = Number(process.env.PORT || 5174);
  if (!/^https?:\/\/[^/]/.test(api)) {
    console.error(`PIPELINE_API_URL: '${api}' is no HTTP address; expected http://host:port`);
    process.exit(1);
  }
  const production = process.env.NODE_ENV === "production";
  const server = dashboard({ api, production });
  server.on("error", (error) => {
    console.error(`port ${port} can't be listened on: ${error.message}`);
    process.exit(1);
  });
  server.listen(port, "0.0.0.0", () => {
    console.log(`dashboard on port ${port} (${production ? "production" : "development"}), API at ${origin(new URL(api))}`);
  });
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.on(signal, () => {
      server.close(() => process.exit(0));
      server.closeAllConnections();
    });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) main();
