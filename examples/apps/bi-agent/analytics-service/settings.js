// Every option of the service, read once from the environment; all that is wrong is told at once.

const DEFAULTS = {
  NODE_ENV: "development",
  PORT: 3000,
  LOG_LEVEL: "info",
  LOG_DIRECTORY: "/app/logs",
  BODY_LIMIT_BYTES: 5_000_000,
  SHUTDOWN_TIMEOUT_MS: 5000,
  DATABASE_URL: "postgresql://postgres:postgres@postgres:5432/analytics_db",
  DB_POOL_MAX: 10,
  DB_CONNECT_TIMEOUT_MS: 3000,
  DB_STATEMENT_TIMEOUT_MS: 15_000,
  REDIS_URL: "redis://redis:6379/0",
  CACHE_ENABLED: true,
  CACHE_TTL_SECONDS: 30,
  CACHE_PREFIX: "analytics-api:",
  ML_SERVICE_URL: "http://ml-service:8000",
  ML_TIMEOUT_MS: 30_000,
  MINIO_ENDPOINT: "http://minio:9000",
  MINIO_ACCESS_KEY: "minioadmin",
  MINIO_SECRET_KEY: "minioadmin",
  MINIO_BUCKET_DATASETS: "datasets",
  MINIO_BUCKET_LOGS: "logs",
  CELERY_BROKER_URL: "redis://redis:6379/0",
  CELERY_RESULT_BACKEND: "redis://redis:6379/0",
  QUEUE_PREFIX: "analytics-jobs",
  QUEUE_CONCURRENCY: 2,
  QUEUE_ATTEMPTS: 3,
  JWT_SECRET: "dev-secret-change-in-production-0123",
  JWT_EXPIRES_IN_SECONDS: 3600,
  RBAC_ENABLED: true,
  RBAC_DEFAULT_ROLE: "",
  HIPAA_MODE: false,
  AUDIT_LOG_ENABLED: true,
  CORS_ORIGIN: "http://localhost:3001",
  RATE_LIMIT_WINDOW_MS: 60_000,
  RATE_LIMIT_MAX: 600,
  OTEL_SDK_DISABLED: false,
  OTEL_SERVICE_NAME: "analytics-api",
  OTEL_EXPORTER_OTLP_ENDPOINT: "",
  OTEL_METRIC_EXPORT_INTERVAL: 10_000,
  OTEL_TRACES_SAMPLER_ARG: 1,
  OTEL_RESOURCE_ATTRIBUTES: "",
};
const ROLES = ["", "viewer", "analyst", "admin"];
const LEVELS = ["debug", "info", "warn", "error"];

/** Returns the settings, or throws an error that names every variable that is wrong. */
export function readSettings(environment = process.env) {
  const problems = [];
  const settings = {};
  for (const [name, fallback] of Object.entries(DEFAULTS)) {
    const text = (environment[name] ?? "").trim();
    settings[name] = text === "" ? fallback : parsed(name, text, typeof fallback, problems);
  }
  if (!ROLES.includes(settings.RBAC_DEFAULT_ROLE)) problems.push(`RBAC_DEFAULT_ROLE: '${settings.RBAC_DEFAULT_ROLE}' is none of viewer, analyst, admin`);
  if (!LEVELS.includes(settings.LOG_LEVEL)) problems.push(`LOG_LEVEL: '${settings.LOG_LEVEL}' is none of ${LEVELS.join(", ")}`);
  if (problems.length) throw new Error(`These settings are wrong:\n  ${problems.join("\n  ")}`);
  return Object.freeze(settings);
}

function parsed(name, text, type, problems) {
  if (type === "boolean" && !/^(true|false)$/i.test(text)) problems.push(`${name}: '${text}' is neither true nor false`);
  if (type === "number" && !(Number(text) >= 0)) problems.push(`${name}: '${text}' is not a number`);
  return type === "boolean" ? /^true$/i.test(text) : type === "number" ? Number(text) : text;
}
