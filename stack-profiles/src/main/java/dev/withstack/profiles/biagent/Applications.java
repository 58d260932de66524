package dev.withstack.profiles.biagent;

import dev.withstack.core.catalog.CeleryBeat;
import dev.withstack.core.catalog.CeleryWorker;
import dev.withstack.core.catalog.OtelCollector;
import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.settings.Settings;
import java.util.List;

/**
 * The five applications, built from the project's own source.
 *
 * <p>An address that is an address only is said so: the analytics API and the web page don't wait for the ML service,
 * worker and scheduler wait for neither it nor the collector.
 */
final class Applications {
    private static final String LOGS = "/app/logs";

    private final Environment environment;
    private final Settings settings;
    private final DataLayer data;
    private final OtelCollector collector;

    Applications(Environment environment, Settings settings, DataLayer data, OtelCollector collector) {
        this.environment = environment;
        this.settings = settings;
        this.data = data;
        this.collector = collector;
    }

    Service analyticsApi(Service ml) {
        Service api = reporting(built("analytics-api", "analytics-service", 3000))
                .env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.httpUrl())
                .env("ML_SERVICE_URL", ml.url("http", "http").withoutEdge())
                .env("JWT_SECRET", settings.secret("JWT_SECRET", "dev-secret-change-in-production-0123"))
                .env("CORS_ORIGIN", settings.text("CORS_ORIGIN", page("WEB_PORT", 3001)))
                .env("RBAC_ENABLED", Boolean.toString(accessIsControlled()))
                // on a laptop whoever has no token may work all the same; in a release nobody may
                .env("RBAC_DEFAULT_ROLE", settings.text("RBAC_DEFAULT_ROLE", environment.isRelease() ? "" : "analyst"));
        return withCelery(with(Option.OF_ANALYTICS_API, api))
                .limits(Sizes.of(environment, 1, "512m"))
                .bindOutput("analytics-service/logs", LOGS)
                .probe(Probe.http("/health").json("status", "healthy"))
                .containerCheck(ContainerCheck.node("http://127.0.0.1:3000/health"))
                .shell("api", "sh")
                .page("http", "/health");
    }

    Service mlService() {
        return reporting(built("ml-service", "ml-service", 8000))
                .env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.httpUrl())
                .env("PREDICTION_CACHE_SECONDS", settings.text("PREDICTION_CACHE_SECONDS", "60"))
                .limits(Sizes.of(environment, 1, "1g"))
                .bindOutput("ml-service/logs", LOGS)
                .probe(Probe.http("/health").json("status", "healthy"))
                .containerCheck(ContainerCheck.python("http://127.0.0.1:8000/health"))
                .shell("ml", "sh")
                .page("http", "/docs");
    }

    /** Its server has the network's addresses; the browser is given those of this machine. */
    Service web(Service api, Service ml) {
        return built("web", "web", 3001)
                .networks(BiAgent.LOCAL_DEV)
                .env("ANALYTICS_API_URL", api.url("http", "http"))
                .env("ML_SERVICE_URL", ml.url("http", "http").withoutEdge())
                .env("NEXT_PUBLIC_API_URL", address("NEXT_PUBLIC_API_URL", "ANALYTICS_API_PORT", 3000))
                .env("NEXT_PUBLIC_ML_URL", address("NEXT_PUBLIC_ML_URL", "ML_SERVICE_PORT", 8000))
                .env("NEXT_PUBLIC_GRAFANA_URL", address("NEXT_PUBLIC_GRAFANA_URL", "GRAFANA_PORT", 3002))
                .env("NEXT_PUBLIC_JAEGER_URL", address("NEXT_PUBLIC_JAEGER_URL", "JAEGER_PORT", 16686))
                .env("NEXT_PUBLIC_PROMETHEUS_URL", address("NEXT_PUBLIC_PROMETHEUS_URL", "PROMETHEUS_PORT", 9090))
                .env("NEXT_PUBLIC_MINIO_URL", address("NEXT_PUBLIC_MINIO_URL", "MINIO_CONSOLE_PORT", 9001))
                .limits(Sizes.of(environment, 0.5, "256m"))
                .probe(Probe.http("/").containing("<html"))
                .containerCheck(ContainerCheck.node("http://127.0.0.1:3001/"))
                .shell("web", "sh")
                .page("http", "/");
    }

    CeleryWorker worker(Service ml) {
        Service image = withCelery(reporting(celery("celery-worker")))
                .env("ML_SERVICE_URL", ml.url("http", "http").withoutEdge())
                .limits(Sizes.of(environment, 1, "1g"));
        return CeleryWorker.of(image, "tasks")
                .queues("analytics", "ml", "data")
                .concurrency(settings.number("CELERY_WORKER_CONCURRENCY", 2, 1, 64));
    }

    CeleryBeat beat() {
        Service image = withCelery(reporting(celery("celery-beat")))
                .env("REFRESH_ANALYTICS_SECONDS", settings.text("REFRESH_ANALYTICS_SECONDS", "3600"))
                .env("UPDATE_ML_MODELS_SECONDS", settings.text("UPDATE_ML_MODELS_SECONDS", "86400"))
                .limits(Sizes.of(environment, 0.5, "256m"));
        return CeleryBeat.of(image, "tasks").data("celery_beat_data");
    }

    private Service celery(String name) {
        return Service.built(name, "celery-service")
                .imageName("withstack/bi-agent-celery")
                .env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.httpUrl().withoutEdge())
                .bindOutput("celery-service/logs", LOGS);
    }

    private Service withCelery(Service service) {
        return service.env("CELERY_BROKER_URL", data.redisUrl(settings))
                .env("CELERY_RESULT_BACKEND", data.redisUrl(settings));
    }

    /** Give an application the three servers, and what it needs to report what it does. */
    private Service reporting(Service service) {
        return with(Option.OF_TELEMETRY, data.given(service, settings))
                .networks(BiAgent.LOCAL_DEV, BiAgent.OBSERVABILITY)
                .env("MINIO_BUCKET_MODELS", "models")
                .env("MINIO_BUCKET_DATASETS", "datasets")
                .env("MINIO_BUCKET_LOGS", "logs")
                .env("OTEL_SERVICE_NAME", service.name())
                .env(
                        "OTEL_RESOURCE_ATTRIBUTES",
                        settings.text("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=" + environment.id()));
    }

    private Service built(String name, String directory, int port) {
        return Service.built(name, directory)
                .target(environment.isRelease() ? "production" : "development")
                .port("http", port)
                .hostPort(port);
    }

    private Service with(List<Option> options, Service service) {
        Service given = service;
        for (Option option : options) {
            given = given.env(option.name(), settings.text(option.name(), option.byDefault()));
        }
        return given;
    }

    private boolean accessIsControlled() {
        boolean controlled = settings.flag("RBAC_ENABLED", "true");
        if (!controlled && environment.isRelease()) {
            settings.reject(
                    "RBAC_ENABLED",
                    "is false, which lets everyone do everything.",
                    "Set it to true in " + environment.id() + ".");
        }
        return controlled;
    }

    private String address(String setting, String port, int documented) {
        return settings.text(setting, "http://localhost:" + settings.text(port, Integer.toString(documented)));
    }

    private String page(String port, int documented) {
        String number = settings.text(port, Integer.toString(documented));
        return "http://localhost:" + number + ",http://127.0.0.1:" + number;
    }
}
