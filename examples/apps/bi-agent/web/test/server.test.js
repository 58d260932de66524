import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { readSettings, web } from "../server.js";

const opened = [];
let api;

async function listening(server) {
  opened.push(server);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

before(async () => {
  api = await listening(
    http.createServer((request, response) => {
      const body = request.url === "/models" ? { models: [{ name: "<b>", rows: 10, r_squared: 0.5 }] } : { kpis: [{ name: "days", value: 240 }], asked: request.headers.traceparent };
      response.end(JSON.stringify(body));
    }),
  );
});

after(() => opened.forEach((server) => (server.closeAllConnections(), server.close())));

test("the page holds what the servers say in the network, and the addresses that the browser can reach", async () => {
  const page = await listening(web(readSettings({ ANALYTICS_API_URL: api, ML_SERVICE_URL: api, NEXT_PUBLIC_API_URL: "http://localhost:13000" })));
  const text = await (await fetch(page)).text();

  assert.match(text, /<dt>days<\/dt><dd>240<\/dd>/);
  assert.match(text, /&#60;b&#62;/);
  assert.match(text, /http:\/\/localhost:13000/);
  assert.match(text, /http:\/\/localhost:3002">Grafana/);
  assert.ok(!text.includes(api));
});

test("the page comes when nobody else answers, and says so", async () => {
  const page = await listening(web(readSettings({ ANALYTICS_API_URL: "http://127.0.0.1:1", ML_SERVICE_URL: "http://127.0.0.1:1" })));
  const answer = await fetch(page);

  assert.equal(answer.status, 200);
  assert.match(await answer.text(), /Not to be had/);
});

test("another page is not there, and says where to look", async () => {
  const page = await listening(web(readSettings({})));
  const answer = await fetch(`${page}/elsewhere`);

  assert.deepEqual([answer.status, await answer.text()], [404, "there is no page '/elsewhere'; try /\n"]);
});
