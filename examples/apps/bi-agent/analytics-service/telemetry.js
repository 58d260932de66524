// Traces and metrics for a collector, by OTLP over HTTP with JSON bodies: the part of OpenTelemetry that this service
// needs. What telemetry.py is for the Python services.
import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import os from "node:os";

export const KIND = { internal: 1, server: 2, client: 3, producer: 4 };
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SPANS_EVERY = 1000;
const KEPT_SPANS = 2000;
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Gathers spans and figures and sends them; a collector that is away costs the oldest spans and nothing else. */
export class Telemetry {
  #current = new AsyncLocalStorage();
  #spans = [];
  #sums = new Map();
  #durations = new Map();
  #since = nanos();
  #isAway = false;

  constructor({ service, endpoint, metricsEvery = 10_000, ratio = 1, resource = "" }) {
    this.endpoint = endpoint.replace(/\/$/, "");
    this.ratio = ratio;
    const given = Object.fromEntries(resource.split(",").filter((pair) => pair.includes("=")).map((pair) => pair.trim().split(/=(.*)/s)));
    this.resource = { attributes: attributes({ ...given, "service.name": service, "service.instance.id": `${os.hostname()}-${process.pid}` }) };
    if (!this.endpoint) return;
    setInterval(() => this.#sendSpans(), SPANS_EVERY).unref();
    setInterval(() => this.#sendMetrics(), metricsEvery).unref();
  }

  static of(settings) {
    return new Telemetry({
      service: settings.OTEL_SERVICE_NAME,
      endpoint: settings.OTEL_SDK_DISABLED ? "" : settings.OTEL_EXPORTER_OTLP_ENDPOINT,
      metricsEvery: settings.OTEL_METRIC_EXPORT_INTERVAL,
      ratio: settings.OTEL_TRACES_SAMPLER_ARG,
      resource: settings.OTEL_RESOURCE_ATTRIBUTES,
    });
  }

  /** Does the work within a span: a child of the traceparent given, else of the current span, else a new trace. */
  async span(name, { kind = KIND.internal, parent, ...about }, work) {
    const span = this.#begin(name, kind, parent, about);
    try {
      return await this.#current.run(span, () => work(span));
    } catch (error) {
      span.error = `${error.name}: ${error.message}`;
      throw error;
    } finally {
      span.ended = nanos();
      if (this.endpoint && span.sampled) {
        this.#spans.push(span);
        if (this.#spans.length > KEPT_SPANS) this.#spans.shift();
      }
    }
  }

  #begin(name, kind, parent, about) {
    const above = TRACEPARENT.exec(parent ?? "");
    const around = this.#current.getStore();
    const place = above
      ? { trace: above[1], parent: above[2], sampled: (parseInt(above[3], 16) & 1) === 1 }
      : around
        ? { trace: around.trace, parent: around.id, sampled: around.sampled }
        : { trace: randomBytes(16).toString("hex"), parent: "", sampled: Math.random() < this.ratio };
    return { name, kind, id: randomBytes(8).toString("hex"), begun: nanos(), attributes: about, ...place };
  }

  /** Returns what to send along, so that the trace goes on in the next service. */
  headers() {
    const span = this.#current.getStore();
    return span ? { traceparent: `00-${span.trace}-${span.id}-${span.sampled ? "01" : "00"}` } : {};
  }

  traceId() {
    return this.#current.getStore()?.trace;
  }

  count(name, about = {}, by = 1) {
    const entry = this.#entry(this.#sums, name, about, () => ({ value: 0 }));
    entry.value += by;
  }

  record(name, seconds, about = {}) {
    const entry = this.#entry(this.#durations, name, about, () => ({ buckets: Array(BOUNDS.length + 1).fill(0), total: 0 }));
    entry.buckets[BOUNDS.filter((bound) => seconds > bound).length] += 1;
    entry.total += seconds;
  }

  #entry(map, name, about, fresh) {
    const key = `${name}\n${JSON.stringify(about)}`;
    if (!map.has(key)) map.set(key, { name, attributes: attributes(about), ...fresh() });
    return map.get(key);
  }

  async flush() {
    if (this.endpoint) await Promise.all([this.#sendSpans(), this.#sendMetrics()]);
  }

  async #sendSpans() {
    const spans = this.#spans.splice(0).map((span) => ({
      traceId: span.trace,
      spanId: span.id,
      ...(span.parent ? { parentSpanId: span.parent } : {}),
      name: span.name,
      kind: span.kind,
      startTimeUnixNano: span.begun,
      endTimeUnixNano: span.ended,
      attributes: attributes(span.attributes),
      ...(span.error ? { status: { code: 2, message: span.error } } : {}),
    }));
    if (spans.length) await this.#post("traces", { resourceSpans: [{ resource: this.resource, scopeSpans: [{ scope: { name: "telemetry" }, spans }] }] });
  }

  async #sendMetrics() {
    const times = { startTimeUnixNano: this.#since, timeUnixNano: nanos() };
    const sums = [...this.#sums.values()].map(({ name, attributes, value }) => ({
      name,
      sum: { isMonotonic: true, aggregationTemporality: 2, dataPoints: [{ attributes, ...times, asDouble: value }] },
    }));
    const durations = [...this.#durations.values()].map(({ name, attributes, buckets, total }) => {
      const counts = { count: String(buckets.reduce((a, b) => a + b)), sum: total, bucketCounts: buckets.map(String), explicitBounds: BOUNDS };
      return { name, unit: "s", histogram: { aggregationTemporality: 2, dataPoints: [{ attributes, ...times, ...counts }] } };
    });
    const metrics = [...sums, ...durations];
    if (metrics.length) await this.#post("metrics", { resourceMetrics: [{ resource: this.resource, scopeMetrics: [{ scope: { name: "telemetry" }, metrics }] }] });
  }

  async #post(signal, body) {
    const url = `${this.endpoint}/v1/${signal}`;
    try {
      const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal: AbortSignal.timeout(5000) });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`it answered ${answer.status}`);
      this.#isAway = false;
    } catch (error) {
      if (!this.#isAway) console.warn(`the collector at ${url} does not take it: ${error.cause?.code ?? error.message}`);
      this.#isAway = true;
    }
  }
}

function nanos() {
  return String(BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n);
}

function attributes(values) {
  return Object.entries(values).map(([key, value]) => ({ key, value: typeof value === "number" ? { doubleValue: value } : { stringValue: String(value) } }));
}
