package dev.withstack.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.Value;
import dev.withstack.core.model.VolumeMount;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ObservabilityTests {
    private static final AddressBook NETWORK = (service, endpoint) -> new HostAndPort(service, 1);

    @Test
    void prometheusWhenDeclaredScrapesWhatItIsTold() {
        OtelCollector collector = OtelCollector.service("collector");
        Prometheus prometheus = Prometheus.service("metrics")
                .retention("30d")
                .data("metrics_data")
                .every(Duration.ofSeconds(5))
                .scrape("apps", collector.metrics(), collector.telemetry())
                .scrapeAt("api", "/m", Value.text("api:8000"));

        assertThat(prometheus.service().source()).isEqualTo(new Source.Image("prom/prometheus:v2.48.1"));
        assertThat(prometheus.service().probe()).contains(Probe.http("/-/healthy"));
        assertThat(prometheus.service().volumes()).containsExactly(new VolumeMount("metrics_data", "/prometheus"));
        assertThat(prometheus.service().command())
                .containsExactly(
                        "--config.file=/etc/prometheus/prometheus.yml",
                        "--storage.tsdb.path=/prometheus",
                        "--storage.tsdb.retention.time=30d");
        assertThat(prometheus.service().dependencies())
                .as("what is scraped is not waited for")
                .isEmpty();
        assertThat(prometheus.url().resolve(NETWORK)).isEqualTo("http://metrics:1");
        assertThat(file(prometheus, Prometheus.CONFIG, ""))
                .isEqualTo(
                        """
                        global:
                          scrape_interval: 5000ms
                        scrape_configs:
                          - job_name: 'metrics'
                            metrics_path: '/metrics'
                            static_configs:
                              - targets:
                                  - 'localhost:9090'
                          - job_name: 'apps'
                            metrics_path: '/metrics'
                            static_configs:
                              - targets:
                                  - 'collector:1'
                                  - 'collector:1'
                          - job_name: 'api'
                            metrics_path: '/m'
                            static_configs:
                              - targets:
                                  - 'api:8000'
                        """);
    }

    @Test
    void grafanaWhenDeclaredProvidesDataSourcesAndDashboards() {
        Prometheus prometheus = Prometheus.service("prometheus");
        Grafana grafana = Grafana.service("boards")
                .admin("anna", Value.secret("pw"))
                .plugins("redis-datasource")
                .dataSource("Prometheus", "prometheus", prometheus.url())
                .dataSource("Shop Redis", "redis-datasource", Value.text("redis://redis:6379"))
                .dashboard("overview", Value.text("{}"));

        assertThat(grafana.service().probe()).contains(Probe.http("/api/health"));
        assertThat(grafana.service().environment())
                .containsEntry("GF_SECURITY_ADMIN_USER", Value.text("anna"))
                .containsEntry("GF_SECURITY_ADMIN_PASSWORD", Value.secret("pw"))
                .containsEntry("GF_INSTALL_PLUGINS", Value.text("redis-datasource"));
        assertThat(grafana.service().dependencies()).containsExactly(Dependency.healthy("prometheus"));
        assertThat(file(grafana, "/etc/grafana/provisioning/datasources/withstack.yml", ""))
                .isEqualTo(
                        """
                        apiVersion: 1
                        datasources:
                          - name: 'Prometheus'
                            uid: 'prometheus'
                            type: 'prometheus'
                            access: proxy
                            url: 'http://prometheus:1'
                            isDefault: true
                          - name: 'Shop Redis'
                            uid: 'shop-redis'
                            type: 'redis-datasource'
                            access: proxy
                            url: 'redis://redis:6379'
                            isDefault: false
                        """);
        assertThat(file(grafana, "/var/lib/grafana/dashboards/overview.json", ""))
                .isEqualTo("{}");
        assertThat(file(grafana, "/etc/grafana/provisioning/dashboards/withstack.yml", ""))
                .contains("path: /var/lib/grafana/dashboards");
    }

    @Test
    void collectorWhenTheImageIsOldOrNewHasAConfigurationThatSuitsIt() {
        OtelCollector collector = OtelCollector.service("collector")
                .tracesTo(Jaeger.service("jaeger").otlp());
        String old = file(collector, OtelCollector.CONFIG, "0.91.0");
        String current = file(collector, OtelCollector.CONFIG, "0.152.0");

        assertThat(collector.service().dependencies()).containsExactly(Dependency.healthy("jaeger"));
        assertThat(collector.service().containerCheck())
                .as("its image has no shell")
                .isEmpty();
        assertThat(collector.httpUrl().resolve(NETWORK)).isEqualTo("http://collector:1");
        assertThat(old)
                .contains("  telemetry:\n    metrics:\n      address: 0.0.0.0:8888\n  pipelines:\n")
                .contains("  otlp/traces:\n    endpoint: jaeger:1\n    tls:\n      insecure: true\n")
                .contains("    traces:\n      receivers: [otlp]\n      processors: [memory_limiter, batch]\n"
                        + "      exporters: [otlp/traces]\n")
                .doesNotContain("readers");
        assertThat(current)
                .contains("  telemetry:\n    metrics:\n      readers:\n        - pull:\n")
                .contains("              prometheus:\n                host: 0.0.0.0\n                port: 8888\n")
                .doesNotContain("address:");
        assertThat(file(OtelCollector.service("alone"), OtelCollector.CONFIG, "0.91.0"))
                .contains("    traces:\n      receivers: [otlp]\n      processors: [memory_limiter, batch]\n"
                        + "      exporters: [debug]\n")
                .doesNotContain("otlp/traces");
    }

    @Test
    void jaegerWhenDeclaredTakesTracesAndShowsThem() {
        Jaeger jaeger = Jaeger.service("jaeger");

        assertThat(jaeger.service().source()).isEqualTo(new Source.Image("jaegertracing/all-in-one:1.52"));
        assertThat(jaeger.service().endpoints()).extracting(Endpoint::port).containsExactly(16686, 4317, 4318, 14269);
        assertThat(jaeger.otlp().resolve(NETWORK)).isEqualTo("jaeger:1");
        assertThat(jaeger.url().resolve(NETWORK)).isEqualTo("http://jaeger:1");
    }

    @Test
    void nginxWhenDeclaredAnswersForItself() {
        Nginx nginx = Nginx.service("entry")
                .locations(Value.text("    location / { return 404; }"))
                .site("upstreams", Value.text("upstream api { server api:8000; }\n"));

        assertThat(nginx.service().probe()).contains(Probe.http("/health"));
        assertThat(nginx.url().resolve(NETWORK)).isEqualTo("http://entry:1");
        assertThat(file(nginx, "/etc/nginx/conf.d/default.conf", ""))
                .isEqualTo(
                        """
                        server {
                            listen 80 default_server;
                            server_name localhost;
                            location = /health {
                                access_log off;
                                default_type text/plain;
                                return 200 "healthy\\n";
                            }
                            location / { return 404; }
                        }
                        """);
        assertThat(file(nginx, "/etc/nginx/conf.d/upstreams.conf", ""))
                .isEqualTo("upstream api { server api:8000; }\n");
    }

    private static String file(Declared<?> declared, String path, String version) {
        return declared.service().files().stream()
                .filter(file -> file.path().equals(path))
                .map(file -> ((FileMount.Generated) file).content(version).resolve(NETWORK))
                .findFirst()
                .orElseThrow();
    }
}
