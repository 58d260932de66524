package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.catalog.Grafana;
import dev.withstack.core.catalog.Jaeger;
import dev.withstack.core.catalog.Nginx;
import dev.withstack.core.catalog.OtelCollector;
import dev.withstack.core.catalog.Prometheus;
import dev.withstack.core.model.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The services that watch others, wired to each other as the catalogue does it. */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class ObservabilityIT {
    private static final Duration LONGEST = Duration.ofSeconds(120);

    @RegisterExtension
    final Trial trial = new Trial();

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void upWhenTracesAndMetricsAreSentTheyArriveWhereTheyAreShown() {
        Jaeger jaeger = Jaeger.service("jaeger").anyHostPort("http");
        OtelCollector collector =
                OtelCollector.service("collector").anyHostPort("otlp-http").tracesTo(jaeger.otlp());
        Prometheus prometheus = Prometheus.service("prometheus")
                .anyHostPort("http")
                .every(Duration.ofSeconds(1))
                .data("prometheus_data")
                .retention("30d")
                .scrape("apps", collector.metrics())
                .scrape("collector", collector.telemetry());
        Grafana grafana = Grafana.service("grafana")
                .anyHostPort("http")
                .admin("anna", Value.secret("secret-of-anna"))
                .dataSource("Prometheus", "prometheus", prometheus.url())
                .dashboard("shop", Value.text("{\"uid\": \"shop\", \"title\": \"Shop\", \"panels\": []}"));

        RunningStack stack = trial.up(trial.stack(jaeger, collector, prometheus, grafana));

        long now = Instant.now().getEpochSecond();
        post(
                stack.resolve(collector.httpUrl()) + "/v1/traces",
                """
                {"resourceSpans": [{"resource": {"attributes": [
                    {"key": "service.name", "value": {"stringValue": "shop"}}]},
                  "scopeSpans": [{"spans": [{"traceId": "5b8efff798038103d269b633813fc60c",
                    "spanId": "eee19b7ec3c1b174", "name": "GET /items", "kind": 2,
                    "startTimeUnixNano": "%1$d000000000", "endTimeUnixNano": "%1$d005000000"}]}]}]}
                """
                        .formatted(now));
        post(
                stack.resolve(collector.httpUrl()) + "/v1/metrics",
                """
                {"resourceMetrics": [{"resource": {"attributes": [
                    {"key": "service.name", "value": {"stringValue": "shop"}}]},
                  "scopeMetrics": [{"metrics": [{"name": "orders", "sum": {"isMonotonic": true,
                    "aggregationTemporality": 2, "dataPoints": [
                    {"asInt": "7", "timeUnixNano": "%d000000000"}]}}]}]}]}
                """
                        .formatted(now));

        String shown = stack.resolve(prometheus.url());
        eventually(stack.resolve(jaeger.url()) + "/api/traces?service=shop", "GET /items");
        eventually(shown + "/api/v1/query?query=%7B__name__%3D~%22orders.*%22%7D", "\"7\"");
        eventually(shown + "/api/v1/query?query=up%7Bjob%3D%22collector%22%7D", "\"1\"");
        String boards = stack.resolve(grafana.url());
        eventually(boards + "/api/datasources/uid/prometheus/health", "OK");
        eventually(boards + "/api/search", "Shop");
    }

    @Test
    void upWhenNginxHasLocationsServesThemBesideItsHealth() {
        Nginx nginx = Nginx.service("entry")
                .anyHostPort("http")
                .locations(Value.text("    location /api/ { proxy_pass http://backend/; }\n"))
                .site(
                        "backend",
                        Value.join(
                                "upstream backend { server ",
                                Trial.web("api", 200).address("http"),
                                "; }\n"));

        RunningStack stack =
                trial.up(trial.stack(Trial.web("api", 200).probe(dev.withstack.core.model.Probe.http("/")), nginx));

        assertThat(get(stack.resolve(nginx.url()) + "/health")).isEqualTo("healthy\n");
        assertThat(get(stack.resolve(nginx.url()) + "/api/x")).isEqualTo("word of api");
    }

    private void eventually(String url, String text) {
        Awaitility.await().atMost(LONGEST).untilAsserted(() -> assertThat(get(url))
                .contains(text));
    }

    private String get(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).GET());
    }

    private void post(String url, String json) {
        send(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private String send(HttpRequest.Builder request) {
        String login = Base64.getEncoder().encodeToString("anna:secret-of-anna".getBytes(StandardCharsets.UTF_8));
        try {
            var response =
                    http.send(request.header("Authorization", "Basic " + login).build(), BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
