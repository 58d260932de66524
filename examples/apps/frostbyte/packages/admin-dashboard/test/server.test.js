import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { dashboard } from "../server.js";

const opened = [];
let api;
let page;

async function listening(server) {
  opened.push(server);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

before(async () => {
  api = await listening(
    http.createServer((request, response) => {
      if (request.url === "/api/v1/pipeline/stream") {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write('data: {"stage": "SYSTEM"}\n\n'); // and then nothing: only an unbuffered proxy shows it
      } else if (request.url === "/api/cut") {
        response.writeHead(200);
        response.write("half");
        setImmediate(() => response.destroy());
      } else {
        const chunks = [];
        request.on("data", (chunk) => chunks.push(chunk)).on("end", () => {
          response.writeHead(418, { "x-seen": request.headers["x-api-key"] ?? "none" });
          response.end(`${request.method} ${request.url} ${Buffer.concat(chunks)}`);
        });
      }
    }),
  );
  page = await listening(dashboard({ api, production: true }));
});

after(() => opened.forEach((server) => (server.closeAllConnections(), server.close())));

test("a request is passed on with its method, query, key and body, the answer with its status", async () => {
  const answer = await fetch(`${page}/api/v1/documents?limit=2`, { method: "POST", body: "hello", headers: { "x-api-key": "k" } });
  assert.equal(answer.status, 418);
  assert.equal(answer.headers.get("x-seen"), "k");
  assert.equal(await answer.text(), "POST /api/v1/documents?limit=2 hello");
});

test("the first line of a stream arrives while the stream is open", async () => {
  const gone = new AbortController();
  const answer = await fetch(`${page}/api/v1/pipeline/stream`, { signal: gone.signal });
  const { value } = await answer.body.getReader().read();
  assert.equal(Buffer.from(value).toString(), 'data: {"stage": "SYSTEM"}\n\n');
  gone.abort();
});

test("an answer that breaks off in the middle breaks off for the reader too", async () => {
  await assert.rejects(fetch(`${page}/api/cut`).then((answer) => answer.text()));
});

test("the page is served when the API is down, and the API's loss told with its address and the cause", async () => {
  const dead = http.createServer();
  const address = await listening(dead);
  await new Promise((resolve) => dead.close(resolve));
  const alone = await listening(dashboard({ api: address, production: true }));
  assert.match(await (await fetch(`${alone}/admin/`)).text(), /<title>Frostbyte admin<\/title>/);
  const answer = await fetch(`${alone}/health/services`);
  assert.equal(answer.status, 502);
  assert.deepEqual(await answer.json(), {
    error: "api_unreachable",
    reason: "connection refused",
    detail: `API unreachable at ${address}: connection refused`,
  });
});

test("an API that keeps silent is given up", async () => {
  const silent = await listening(http.createServer(() => {}));
  const waiting = await listening(dashboard({ api: silent, production: true, patience: 20 }));
  assert.equal((await (await fetch(`${waiting}/health`)).json()).reason, "no answer in time");
});

test("the root leads to the page, what is no page is not found, what is no reading is refused", async () => {
  for (const path of ["/", "/admin"]) {
    const answer = await fetch(page + path, { redirect: "manual" });
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.get("location"), "/admin/");
  }
  assert.equal((await fetch(`${page}/admin/../server.js`)).status, 404);
  assert.equal((await fetch(`${page}/admin/constructor`)).status, 404);
  assert.equal((await fetch(`${page}/admin/`, { method: "DELETE" })).status, 405);
});

test("production compresses and revalidates, development reads anew", async () => {
  const first = await fetch(`${page}/admin/app.js`, { headers: { "accept-encoding": "br, gzip" } });
  assert.equal(first.headers.get("content-encoding"), "br");
  const again = await fetch(`${page}/admin/app.js`, { headers: { "if-none-match": first.headers.get("etag") } });
  assert.equal(again.status, 304);
  const fresh = await listening(dashboard({ api, production: false }));
  const answer = await fetch(`${fresh}/admin/app.js`);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.equal(await answer.text(), await first.text());
});
