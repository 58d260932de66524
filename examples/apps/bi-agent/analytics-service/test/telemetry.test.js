import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { KIND, Telemetry } from "../telemetry.js";

const sent = {};
let server;
let telemetry;

before(async () => {
  server = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    sent[request.url] = JSON.parse(Buffer.concat(chunks));
    response.end("{}");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  telemetry = new Telemetry({ service: "api", endpoint: `http://127.0.0.1:${server.address().port}` });
});

after(() => (server.closeAllConnections(), server.close()));

test("spans nest, continue the trace they are given, and hand it on", async () => {
  const parent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  const handedOn = await telemetry.span("outer", { kind: KIND.server, parent }, () => telemetry.span("inner", {}, async () => telemetry.headers().traceparent));
  await telemetry.flush();

  const [inner, outer] = sent["/v1/traces"].resourceSpans[0].scopeSpans[0].spans;
  assert.equal(outer.traceId, "a".repeat(32));
  assert.equal(outer.parentSpanId, "b".repeat(16));
  assert.equal(inner.parentSpanId, outer.spanId);
  assert.equal(handedOn, `00-${inner.traceId}-${inner.spanId}-01`);
  assert.ok(BigInt(outer.endTimeUnixNano) >= BigInt(outer.startTimeUnixNano));
});

test("figures add up by name and attributes", async () => {
  telemetry.count("seen", { a: "1" });
  telemetry.count("seen", { a: "1" });
  telemetry.record("took", 0.02);
  telemetry.record("took", 99);
  await telemetry.flush();

  const metrics = Object.fromEntries(sent["/v1/metrics"].resourceMetrics[0].scopeMetrics[0].metrics.map((metric) => [metric.name, metric]));
  assert.equal(metrics.seen.sum.dataPoints[0].asDouble, 2);
  const point = metrics.took.histogram.dataPoints[0];
  assert.deepEqual([point.count, point.bucketCounts[2], point.bucketCounts.at(-1)], ["2", "1", "1"]);
});

test("an error marks its span and goes on", async () => {
  await assert.rejects(telemetry.span("fails", {}, () => Promise.reject(new TypeError("no"))), TypeError);
  await telemetry.flush();
  assert.equal(sent["/v1/traces"].resourceSpans[0].scopeSpans[0].spans[0].status.message, "TypeError: no");
});
