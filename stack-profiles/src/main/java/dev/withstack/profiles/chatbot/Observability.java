package dev.withstack.profiles.chatbot;

import dev.withstack.core.catalog.Grafana;
import dev.withstack.core.catalog.Prometheus;
import dev.withstack.core.model.Value;
import dev.withstack.core.settings.Settings;

/** Prometheus, which looks for the applications of all environments, and Grafana, which shows what it finds. */
final class Observability {
    /** An environment that is not there has no name in the network, and so no target that is down. */
    private static final String SCRAPES =
            """
            global:
              scrape_interval: 5s
            scrape_configs:
              - job_name: prometheus
                static_configs:
                  - targets: ['localhost:9090']
              - job_name: fastapi
                metrics_path: /metrics
                dns_sd_configs:
                  - names: [dev-app, stage-app, prod-app, test-app]
                    type: A
                    port: 8000
                    refresh_interval: 5s
                relabel_configs: &environment
                  - source_labels: [__meta_dns_name]
                    regex: '([a-z]+)-.*'
                    target_label: environment
              - job_name: flower
                metrics_path: /metrics
                dns_sd_configs:
                  - names: [dev-flower, stage-flower, prod-flower, test-flower]
                    type: A
                    port: 5555
                    refresh_interval: 5s
                relabel_configs: *environment
            """;

    private Observability() {}

    static Prometheus prometheus() {
        return Prometheus.service("prometheus")
                .hostPort(9090)
                .data("prometheus_data")
                .fileOr("grafana/prometheus-scrape-config.yml", Prometheus.CONFIG, Value.text(SCRAPES));
    }

    static Grafana grafana(Settings settings, Prometheus prometheus) {
        Grafana grafana = Grafana.service("grafana")
                .hostPort(3000)
                .data("grafana_data")
                .admin(
                        settings.text("GRAFANA_ADMIN_USER", "admin"),
                        settings.password("GRAFANA_ADMIN_PASSWORD", "admin"))
                .dataSource("Prometheus", "prometheus", prometheus.url().withoutEdge());
        for (Dashboard dashboard : Dashboard.ALL) {
            grafana = grafana.dashboard(dashboard.id(), Value.text(dashboard.json()));
        }
        return grafana;
    }
}
