package dev.withstack.profiles.biagent;

import dev.withstack.core.catalog.Grafana;
import dev.withstack.core.catalog.Jaeger;
import dev.withstack.core.catalog.OtelCollector;
import dev.withstack.core.catalog.Prometheus;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Value;
import dev.withstack.core.settings.Settings;
import java.time.Duration;

/**
 * The servers that watch the applications. None waits for another: the collector tries again until Jaeger takes its
 * traces, Prometheus until it can scrape, and Grafana asks when somebody looks.
 */
record Observability(OtelCollector collector, Jaeger jaeger, Prometheus prometheus, Grafana grafana) {

    static Observability of(Environment environment, Settings settings) {
        Jaeger jaeger = Jaeger.service("jaeger")
                .networks(BiAgent.OBSERVABILITY)
                .hostPort(16686)
                .limits(Sizes.of(environment, 1, "1g"));
        OtelCollector collector = collector(environment, jaeger);
        Prometheus prometheus = prometheus(environment, settings, collector);
        return new Observability(collector, jaeger, prometheus, grafana(environment, settings, prometheus, jaeger));
    }

    private static OtelCollector collector(Environment environment, Jaeger jaeger) {
        return OtelCollector.service("otel-collector")
                .networks(BiAgent.OBSERVABILITY)
                .tracesTo(jaeger.otlp().withoutEdge())
                .own("observability/otel-collector-config.yml", OtelCollector.CONFIG)
                .hostPort("otlp-http", 4318)
                .hostPort("otlp-grpc", 4317)
                .hostPort("telemetry", 8888)
                .hostPort("metrics", 8889)
                .hostPort("health", 13133)
                .hostPort("zpages", 55679)
                .limits(Sizes.of(environment, 0.5, "512m"));
    }

    private static Prometheus prometheus(Environment environment, Settings settings, OtelCollector collector) {
        return Prometheus.service("prometheus")
                .networks(BiAgent.OBSERVABILITY)
                .hostPort(9090)
                .every(Duration.ofSeconds(settings.number("PROMETHEUS_SCRAPE_SECONDS", 5, 1, 3600)))
                .retention(settings.text("PROMETHEUS_RETENTION", "30d"))
                .scrape("applications", collector.metrics())
                .scrape("otel-collector", collector.telemetry())
                .own("observability/prometheus.yml", Prometheus.CONFIG)
                .data("prometheus_data")
                .limits(Sizes.of(environment, 1, "1g"));
    }

    private static Grafana grafana(Environment environment, Settings settings, Prometheus prometheus, Jaeger jaeger) {
        return Grafana.service("grafana")
                .networks(BiAgent.OBSERVABILITY)
                .hostPort(3002)
                .admin(
                        settings.text("GRAFANA_ADMIN_USER", "admin"),
                        settings.password("GRAFANA_ADMIN_PASSWORD", "admin"))
                .plugins(settings.text("GRAFANA_PLUGINS", "redis-datasource"))
                .env("GF_USERS_ALLOW_SIGN_UP", "false")
                .dataSource("Prometheus", "prometheus", prometheus.url().withoutEdge())
                .dataSource("Jaeger", "jaeger", jaeger.url().withoutEdge())
                .dashboard("bi-agent", Value.text(Dashboard.JSON))
                .own("observability/grafana/provisioning", Grafana.PROVISIONING)
                .own("observability/grafana/dashboards", Grafana.DASHBOARDS)
                .data("grafana_data")
                .limits(Sizes.of(environment, 0.5, "512m"));
    }
}
