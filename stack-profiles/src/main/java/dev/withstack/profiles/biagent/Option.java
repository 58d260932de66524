package dev.withstack.profiles.biagent;

import dev.withstack.core.profile.Explanations;
import java.util.List;

/**
 * A setting that an application is given as it is set.
 *
 * @param byDefault what it is given otherwise
 * @param meaning for people
 */
record Option(String name, String byDefault, String meaning) {
    /** What the applications that report their work have in common. */
    static final List<Option> OF_TELEMETRY = List.of(
            new Option("LOG_LEVEL", "info", "How much the applications log: debug, info, warn or error."),
            new Option("OTEL_SDK_DISABLED", "false", "Sends neither traces nor metrics: true or false."),
            new Option("OTEL_METRIC_EXPORT_INTERVAL", "5000", "Milliseconds between two reports of metrics."),
            new Option("OTEL_TRACES_SAMPLER_ARG", "1", "Which part of the traces is kept, from 0 to 1."));

    /** Those of the analytics API alone. */
    static final List<Option> OF_ANALYTICS_API = List.of(
            new Option("HIPAA_MODE", "false", "Masks who a record is about, and notes every access: true or false."),
            new Option("AUDIT_LOG_ENABLED", "true", "Notes in the database who changed what: true or false."),
            new Option("JWT_EXPIRES_IN_SECONDS", "3600", "How long a token lets its owner in."),
            new Option("RATE_LIMIT_MAX", "600", "How many requests one address may send in a window."),
            new Option("RATE_LIMIT_WINDOW_MS", "60000", "How long that window is."),
            new Option("BODY_LIMIT_BYTES", "5000000", "The longest request that is read."),
            new Option("SHUTDOWN_TIMEOUT_MS", "5000", "How long open requests may go on when it is stopped."),
            new Option("DB_POOL_MAX", "10", "How many connections to PostgreSQL it holds."),
            new Option("DB_CONNECT_TIMEOUT_MS", "3000", "How long it waits for a connection."),
            new Option("DB_STATEMENT_TIMEOUT_MS", "15000", "How long a query may take."),
            new Option("CACHE_ENABLED", "true", "Keeps answers in Redis: true or false."),
            new Option("CACHE_TTL_SECONDS", "30", "How long they are kept."),
            new Option("CACHE_PREFIX", "analytics-api:", "What their keys begin with."),
            new Option("QUEUE_PREFIX", "analytics-jobs", "What the keys of its own jobs, the reports, begin with."),
            new Option("QUEUE_CONCURRENCY", "2", "How many reports are written at once."),
            new Option("QUEUE_ATTEMPTS", "3", "How often a report is tried."),
            new Option("ML_TIMEOUT_MS", "30000", "How long it waits for the ML service."));

    static Explanations explanations() {
        Explanations all = Explanations.on("The data layer")
                .of("DB_NAME", "The database; made on an empty volume only.")
                .of("DB_USER", "Its owner; made on an empty volume only.")
                .of("DB_PASSWORD", "The owner's password; taken on an empty volume only.")
                .of("MINIO_ROOT_USER", "MinIO's user, of three characters or more.")
                .of("MINIO_ROOT_PASSWORD", "The user's password, of eight characters or more.")
                .andOn("The analytics API")
                .of("JWT_SECRET", "Signs the tokens of those who are logged in.")
                .of("RBAC_ENABLED", "Lets in only who has the role that it takes: true or false.")
                .of(
                        "RBAC_DEFAULT_ROLE",
                        "The role of who has no token: viewer, analyst, admin, or nothing for no entry.")
                .of("CORS_ORIGIN", "The pages, by address, whose browsers may call the API.");
        all = explained(all, OF_ANALYTICS_API)
                .andOn("The other applications")
                .of("PREDICTION_CACHE_SECONDS", "How long the ML service keeps a prediction in Redis.")
                .of("CELERY_WORKER_CONCURRENCY", "How many tasks the worker does at once.")
                .of("REFRESH_ANALYTICS_SECONDS", "How often beat has the views refreshed.")
                .of("UPDATE_ML_MODELS_SECONDS", "How often beat has the models trained anew.")
                .of("NEXT_PUBLIC_API_URL", "Where the browser finds the API.")
                .of("NEXT_PUBLIC_ML_URL", "Where the browser finds the ML service.")
                .of("NEXT_PUBLIC_GRAFANA_URL", "Where the browser finds Grafana.")
                .of("NEXT_PUBLIC_JAEGER_URL", "Where the browser finds Jaeger.")
                .of("NEXT_PUBLIC_PROMETHEUS_URL", "Where the browser finds Prometheus.")
                .of("NEXT_PUBLIC_MINIO_URL", "Where the browser finds MinIO's console.")
                .andOn("Logs, traces and metrics");
        return explained(all, OF_TELEMETRY)
                .of(
                        "OTEL_RESOURCE_ATTRIBUTES",
                        "What every trace and metric bears, as name=value, with commas between.")
                .of("PROMETHEUS_SCRAPE_SECONDS", "How often Prometheus asks the collector.")
                .of("PROMETHEUS_RETENTION", "How long Prometheus keeps what it was told.")
                .of("GRAFANA_ADMIN_USER", "Grafana's administrator.")
                .of("GRAFANA_ADMIN_PASSWORD", "The administrator's password.")
                .of("GRAFANA_PLUGINS", "Grafana's plugins, with commas between; fetched at its start.")
                .andOn("Servers that run elsewhere, used instead of the stack's own")
                .of("DATABASE_URL", "Such as postgresql://user:password@db.example.com:5432/analytics_db.")
                .of("REDIS_URL", "Such as redis://cache.example.com:6379/0.")
                .of("MINIO_ENDPOINT", "Such as http://s3.example.com:9000.");
    }

    private static Explanations explained(Explanations before, List<Option> options) {
        Explanations all = before;
        for (Option option : options) {
            all = all.of(option.name(), option.meaning());
        }
        return all;
    }
}
