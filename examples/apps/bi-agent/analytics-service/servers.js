// The servers that the API stands on: PostgreSQL, Redis, the object store and the ML service.
import Redis from "ioredis";
import pg from "pg";
import { Objects } from "./objects.js";
import { KIND } from "./telemetry.js";

const NO_SUCH_TABLE = ["42P01", "3F000"];
const AUDIT_TABLE = `CREATE TABLE IF NOT EXISTS analytics.audit_log (
  at timestamptz NOT NULL DEFAULT now(), who text NOT NULL, role text NOT NULL, what text NOT NULL)`;

export class Servers {
  #auditTable;

  constructor(settings, telemetry, log) {
    this.settings = settings;
    this.telemetry = telemetry;
    this.objects = new Objects(settings);
    this.database = new pg.Pool({
      connectionString: settings.DATABASE_URL,
      max: settings.DB_POOL_MAX,
      connectionTimeoutMillis: settings.DB_CONNECT_TIMEOUT_MS,
      statement_timeout: settings.DB_STATEMENT_TIMEOUT_MS,
    });
    const options = { maxRetriesPerRequest: 1, connectTimeout: 3000, commandTimeout: 5000 };
    this.cache = new Redis(settings.REDIS_URL, options);
    this.broker = new Redis(settings.CELERY_BROKER_URL, options);
    this.results = settings.CELERY_RESULT_BACKEND === settings.CELERY_BROKER_URL ? this.broker : new Redis(settings.CELERY_RESULT_BACKEND, options);
    for (const server of [this.database, this.cache, this.broker, this.results]) server.on("error", (error) => log("warn", `a server is lost: ${error.code ?? error.message}`));
  }

  /** Returns the rows of a query; none where the tables are not there yet, as no task has run. */
  async rows(text, values = []) {
    return this.telemetry.span("postgres", { kind: KIND.client, statement: text.slice(0, 80) }, async () => {
      try {
        return (await this.database.query(text, values)).rows;
      } catch (error) {
        if (NO_SUCH_TABLE.includes(error.code)) return [];
        throw error;
      }
    });
  }

  /** Returns what is in the cache under the key, else what is found, kept for a while. */
  async cached(key, find) {
    const { CACHE_ENABLED, CACHE_PREFIX, CACHE_TTL_SECONDS } = this.settings;
    if (!CACHE_ENABLED) return find();
    const kept = await this.cache.get(CACHE_PREFIX + key);
    this.telemetry.count("cache.lookups", { result: kept ? "hit" : "miss" });
    if (kept) return JSON.parse(kept);
    const found = await find();
    await this.cache.set(CACHE_PREFIX + key, JSON.stringify(found), "EX", Math.max(1, CACHE_TTL_SECONDS));
    return found;
  }

  /** Asks the ML service; its refusals are handed on with their status. */
  async ml(method, path, body) {
    return this.telemetry.span(`${method} ${path}`, { kind: KIND.client, server: "ml-service" }, async () => {
      const answer = await fetch(this.settings.ML_SERVICE_URL + path, {
        method,
        headers: { "content-type": "application/json", ...this.telemetry.headers() },
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(this.settings.ML_TIMEOUT_MS),
      }).catch((error) => {
        throw Object.assign(new Error(`the ML service does not answer: ${error.cause?.code ?? error.name}`), { status: 502 });
      });
      return { status: answer.status, body: await answer.json() };
    });
  }

  /** Writes down who did what. */
  async audit(who, what) {
    this.#auditTable ??= this.database.query(AUDIT_TABLE);
    await this.#auditTable.catch((error) => {
      this.#auditTable = undefined;
      throw error;
    });
    await this.database.query("INSERT INTO analytics.audit_log (who, role, what) VALUES ($1, $2, $3)", [who.sub, who.role, what]);
  }

  /** Returns of each server "up", or why it is not. */
  async health() {
    const checks = {
      postgres: this.database.query("SELECT 1"),
      redis: this.cache.ping(),
      minio: this.objects.check(this.settings.MINIO_BUCKET_DATASETS),
    };
    const states = await Promise.allSettled(Object.values(checks));
    return Object.fromEntries(Object.keys(checks).map((name, place) => [name, states[place].status === "fulfilled" ? "up" : `down: ${states[place].reason.code ?? states[place].reason.message}`]));
  }

  async close() {
    for (const redis of new Set([this.cache, this.broker, this.results])) redis.disconnect();
    await this.database.end();
  }
}
