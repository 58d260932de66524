package dev.withstack.launcher.biagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.SharedStack;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the four servers that watch have seen when the platform was used. */
class ObservabilityIT {
    private static final Map<String, Object> DAY =
            Map.of("features", Map.of("visits", 900, "ad_spend", 200, "price", 20, "weekend", 1));

    @RegisterExtension
    static final SharedStack stack = Platform.shared();

    @Test
    @Row("bi-agent.trace")
    @Row("bi-agent.collector-to-jaeger")
    @Row("bi-agent.jaeger")
    void traceWhenATaskIsSentCrossesTheApiTheWorkerAndTheMlService() throws Exception {
        Map<String, Object> sent = platform().api().post("/api/v1/tasks", Map.of("task", "train_model"), 202);
        platform().result(String.valueOf(sent.get("id")));

        await().atMost(Platform.LONGEST).ignoreExceptions().untilAsserted(() -> assertThat(
                        servicesOf(String.valueOf(sent.get("trace"))))
                .contains("analytics-api", "celery-worker", "ml-service"));
        assertThat(platform().jaeger().get("/").statusCode()).isEqualTo(200);
    }

    @Test
    @Row("bi-agent.metrics-move")
    @Row("bi-agent.collector-to-prometheus")
    void metricsWhenTheApplicationIsUsedMove() throws Exception {
        platform().ml().post("/train", Map.of(), 201);
        String requests = "sum(http_server_request_duration_seconds_count{exported_job=\"analytics-api\"})";
        String predictions = "sum(ml_predictions_total)";
        platform().api().post("/api/v1/predictions", DAY, 200);
        await().atMost(Platform.LONGEST).until(() -> platform().metric(predictions) > 0);
        double requestsBefore = platform().metric(requests);
        double predictionsBefore = platform().metric(predictions);

        for (int i = 0; i < 5; i++) {
            platform().api().post("/api/v1/predictions", DAY, 200);
        }

        await().atMost(Platform.LONGEST).untilAsserted(() -> {
            assertThat(platform().metric(requests)).isGreaterThanOrEqualTo(requestsBefore + 5);
            assertThat(platform().metric(predictions)).isGreaterThanOrEqualTo(predictionsBefore + 5);
        });
    }

    @Test
    @Row("bi-agent.metrics-move")
    void metricsWhenATaskRunsCountItByQueue() throws Exception {
        String analytics = "sum(celery_tasks_total{queue=\"analytics\",state=\"success\"})";
        double before = platform().metric(analytics);

        platform().run("refresh_analytics_views", Map.of());

        await().atMost(Platform.LONGEST).until(() -> platform().metric(analytics) > before);
    }

    @Test
    @Row("bi-agent.prometheus")
    @Row("bi-agent.collector-to-prometheus")
    @Row("bi-agent.mount-prometheus")
    void prometheusWhenUpScrapesTheCollectorOnBothPortsAndKeepsThirtyDays() throws Exception {
        assertThat(platform().prometheus().get("/-/healthy").statusCode()).isEqualTo(200);

        await().atMost(Platform.LONGEST).untilAsserted(() -> {
            assertThat(platform().metric("up{instance=\"otel-collector:8889\"}"))
                    .isEqualTo(1);
            assertThat(platform().metric("up{instance=\"otel-collector:8888\"}"))
                    .isEqualTo(1);
        });
        assertThat(platform().prometheus().json("/api/v1/status/flags").toString())
                .contains("storage.tsdb.retention.time=30d");
    }

    @Test
    @Row("bi-agent.otel-collector")
    @Row("bi-agent.mount-collector")
    void collectorWhenUpTakesOtlpAndAnswersOnItsPorts() throws Exception {
        Http otlp = platform().http("OTEL_COLLECTOR_PORT");
        assertThat(otlp.post("/v1/traces", Map.of("resourceSpans", List.of()), 200))
                .isNotNull();
        assertThat(platform().http("OTEL_COLLECTOR_HEALTH_PORT").get("/").statusCode())
                .isEqualTo(200);
        assertThat(platform()
                        .http("OTEL_COLLECTOR_TELEMETRY_PORT")
                        .get("/metrics")
                        .body())
                .contains("otelcol");
        assertThat(platform()
                        .http("OTEL_COLLECTOR_METRICS_PORT")
                        .get("/metrics")
                        .statusCode())
                .isEqualTo(200);
        assertThat(platform()
                        .http("OTEL_COLLECTOR_ZPAGES_PORT")
                        .get("/debug/servicez")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    @Row("bi-agent.grafana")
    @Row("bi-agent.grafana-source")
    @Row("bi-agent.mount-provisioning")
    void grafanaWhenUpHasPrometheusAsItsSourceAndAnswersThroughIt() throws Exception {
        assertThat(platform().grafana().json("/api/health")).containsEntry("database", "ok");
        assertThat(platform()
                        .http("GRAFANA_PORT")
                        .basic("admin", "wrong")
                        .get("/api/user")
                        .statusCode())
                .isEqualTo(401);

        Map<String, Object> source = platform().grafana().json("/api/datasources/name/Prometheus");
        assertThat(source).containsEntry("type", "prometheus").containsEntry("url", "http://prometheus:9090");

        String through = "/api/datasources/proxy/uid/" + source.get("uid") + "/api/v1/query";
        assertThat(platform().grafana().json(through, "query", "up").toString()).contains("otel-collector");
    }

    @Test
    @Row("bi-agent.mount-dashboards")
    void grafanaWhenTheProjectHasNoDashboardsShowsTheGeneratedOne() throws Exception {
        assertThat(platform().grafana().json("/api/dashboards/uid/bi-agent").toString())
                .contains("Requests a second", "Tasks a minute");
    }

    @Test
    @Row("bi-agent.grafana-redis-plugin")
    void grafanaWhenStartedIsGivenItsPluginAndItsAdministrator() {
        assertThat(Docker.inspect(stack.container("grafana")).environment())
                .containsEntry("GF_INSTALL_PLUGINS", "redis-datasource")
                .containsEntry("GF_SECURITY_ADMIN_USER", "admin")
                .containsEntry("GF_SECURITY_ADMIN_PASSWORD", "admin");
    }

    private static Platform platform() {
        return Platform.of(stack);
    }

    /** Return the names of the services whose spans make up the trace. */
    private static Set<String> servicesOf(String trace) throws Exception {
        Set<String> services = new TreeSet<>();
        Map<String, Object> found = platform().jaeger().json("/api/traces?limit=1000&service=analytics-api");
        for (Object each : (List<?>) found.get("data")) {
            Map<?, ?> one = (Map<?, ?>) each;
            if (trace.equals(one.get("traceID"))) {
                ((Map<?, ?>) one.get("processes"))
                        .values()
                        .forEach(process -> services.add(String.valueOf(((Map<?, ?>) process).get("serviceName"))));
            }
        }
        return services;
    }
}
