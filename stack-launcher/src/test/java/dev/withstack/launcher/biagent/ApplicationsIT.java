package dev.withstack.launcher.biagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.SharedStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The five applications of a running BI-Agent: what their users do with them. */
class ApplicationsIT {
    private static final Map<String, Object> DAY =
            Map.of("features", Map.of("visits", 1000, "ad_spend", 220, "price", 19, "weekend", 0));

    @RegisterExtension
    static final SharedStack stack = Platform.shared();

    @ParameterizedTest
    @ValueSource(strings = {"ANALYTICS_API_PORT", "ML_SERVICE_PORT"})
    @Row("bi-agent.analytics-api")
    @Row("bi-agent.ml-service")
    void healthWhenTheServersAnswerIsHealthy(String port) throws Exception {
        Map<String, Object> health = platform().http(port).json("/health");

        assertThat(health)
                .containsEntry("status", "healthy")
                .containsEntry("services", Map.of("postgres", "up", "redis", "up", "minio", "up"));
    }

    @Test
    @Row("bi-agent.web")
    @Row("bi-agent.from-web")
    void pageWhenAskedForHasTheBrowsersAddressesAndWhatItsServerWasTold() throws Exception {
        platform().run("train_model", Map.of());
        platform().run("import_data", Map.of());
        platform().run("calculate_kpis", Map.of());

        await().atMost(Platform.LONGEST)
                .untilAsserted(() -> assertThat(platform().web().get("/").body())
                        .contains("<html", "revenue_total", "R² 0.98")
                        .contains("http://localhost:" + platform().port("ANALYTICS_API_PORT"))
                        .contains("http://localhost:" + platform().port("GRAFANA_PORT"))
                        .doesNotContain("analytics-api:3000", "ml-service:8000"));
        assertThat(variables("web"))
                .containsEntry("ANALYTICS_API_URL", "http://analytics-api:3000")
                .containsEntry("ML_SERVICE_URL", "http://ml-service:8000");
    }

    @Test
    @Row("bi-agent.env-api")
    @Row("bi-agent.from-analytics-api")
    @Row("bi-agent.from-ml-service")
    @Row("bi-agent.from-worker")
    @Row("bi-agent.from-beat")
    void variablesWhenNothingIsSetAreTheDocuments() {
        for (String application : List.of("analytics-api", "ml-service", "celery-worker", "celery-beat")) {
            assertThat(variables(application))
                    .as(application)
                    .containsEntry("DATABASE_URL", "postgresql://postgres:postgres@postgres:5432/analytics_db")
                    .containsEntry("REDIS_URL", "redis://redis:6379/0")
                    .containsEntry("MINIO_ENDPOINT", "http://minio:9000")
                    .containsEntry("OTEL_EXPORTER_OTLP_ENDPOINT", "http://otel-collector:4318");
        }
        assertThat(variables("analytics-api"))
                .containsEntry("ML_SERVICE_URL", "http://ml-service:8000")
                .containsKeys(
                        "JWT_SECRET",
                        "RBAC_ENABLED",
                        "HIPAA_MODE",
                        "CACHE_TTL_SECONDS",
                        "CELERY_BROKER_URL",
                        "QUEUE_CONCURRENCY",
                        "RATE_LIMIT_MAX")
                .hasSizeGreaterThan(30);
    }

    @ParameterizedTest
    @CsvSource({
        "analytics-api, postgres 5432, redis 6379, minio 9000, ml-service 8000, otel-collector 4318",
        "ml-service, postgres 5432, redis 6379, minio 9000, otel-collector 4318, otel-collector 4317",
        "celery-worker, postgres 5432, redis 6379, minio 9000, otel-collector 4318, ml-service 8000",
        "celery-beat, postgres 5432, redis 6379, minio 9000, otel-collector 4318, otel-collector 4317"
    })
    @Row("bi-agent.from-analytics-api")
    @Row("bi-agent.from-ml-service")
    @Row("bi-agent.from-worker")
    @Row("bi-agent.from-beat")
    void applicationWhenItAsksFromInsideReachesWhomItNeeds(
            String from, String first, String second, String third, String fourth, String fifth) {
        for (String target : List.of(first, second, third, fourth, fifth)) {
            String[] words = target.split(" ");
            assertThat(connect(from, words[0], words[1]))
                    .as("%s to %s", from, target)
                    .isEqualTo("connected");
        }
    }

    @Test
    @Row("bi-agent.network-local-dev")
    @Row("bi-agent.network-observability")
    void serverWhenItAsksForOneOfTheOtherNetworkDoesNotFindIt() {
        assertThat(connect("web", "otel-collector", "4318")).isEqualTo("not found");
        assertThat(connect("web", "analytics-api", "3000")).isEqualTo("connected");
    }

    @Test
    @Row("bi-agent.models")
    void modelWhenTrainedIsKeptInMinioListedAndPredicts() throws Exception {
        Map<String, Object> trained = platform().ml().post("/train", Map.of(), 201);

        assertThat(((Number) trained.get("r_squared")).doubleValue()).isGreaterThan(0.9);
        assertThat(Docker.run("exec", stack.container("minio"), "sh", "-c", "find /minio_data/models"))
                .contains(String.valueOf(trained.get("version")));
        assertThat(platform().ml().json("/models").get("models").toString()).contains("revenue");
        Map<String, Object> predicted = platform().ml().post("/predict", DAY, 200);
        assertThat(((Number) predicted.get("prediction")).doubleValue()).isBetween(4500.0, 6000.0);
        assertThat(platform().api().post("/api/v1/predictions", DAY, 200)).isEqualTo(predicted);
        assertThat(sql("SELECT count(*) > 0 FROM analytics.trainings WHERE model = 'revenue'"))
                .isEqualTo("t");
    }

    @Test
    @Row("bi-agent.ml-service")
    void mlServiceWhenItIsAskedAmissSaysWhy() throws Exception {
        assertThat(platform()
                        .ml()
                        .post("/train", Map.of("dataset", "none.csv"), 404)
                        .get("detail"))
                .isEqualTo("there is no data set 'none.csv' in the bucket 'datasets'");
        assertThat(platform().ml().post("/predict", Map.of("model", "none", "features", Map.of()), 404))
                .containsKey("detail");
    }

    @Test
    @Row("bi-agent.queues")
    void taskWhenSentRunsOnTheWorkerFromItsQueue() throws Exception {
        Map<String, String> queues = new LinkedHashMap<>();
        queues.put("train_model", "ml");
        queues.put("import_data", "data");
        queues.put("process_data", "data");
        queues.put("calculate_kpis", "analytics");
        queues.put("refresh_analytics_views", "analytics");
        queues.put("update_ml_models", "ml");
        String worker =
                "celery@" + Docker.inspect(stack.container("celery-worker")).text("Config", "Hostname");

        for (Map.Entry<String, String> task : queues.entrySet()) {
            Map<?, ?> result = platform().run(task.getKey(), Map.of());

            assertThat(result.get("queue")).as(task.getKey()).isEqualTo(task.getValue());
            assertThat(result.get("worker")).as(task.getKey()).isEqualTo(worker);
        }
        assertThat(sql("SELECT count(*) FROM analytics.sales")).isEqualTo("480");
        assertThat(sql("SELECT count(*) FROM analytics.revenue_by_day")).isEqualTo("240");
        assertThat(platform().api().json("/api/v1/kpis").get("kpis").toString()).contains("revenue_total");
    }

    @Test
    @Row("bi-agent.celery-worker")
    void workerWhenPingedByNameAnswers() {
        assertThat(Docker.run(
                        "exec",
                        stack.container("celery-worker"),
                        "sh",
                        "-c",
                        "celery -A tasks inspect ping --timeout 20 --destination celery@$(hostname)"))
                .contains("pong");
        assertThat(Docker.run(
                        "exec",
                        stack.container("celery-worker"),
                        "sh",
                        "-c",
                        "celery -A tasks inspect active_queues --timeout 20"))
                .contains("analytics", "ml", "data");
    }

    @Test
    @Row("bi-agent.schedules")
    @Row("bi-agent.celery-beat")
    void beatWhenItsTimeComesSendsTheTaskAndKeepsItsScheduleOnAVolume() throws Exception {
        assertThat(variables("celery-beat"))
                .containsEntry("REFRESH_ANALYTICS_SECONDS", "3600")
                .containsEntry("UPDATE_ML_MODELS_SECONDS", "86400");
        assertThat(Docker.run("exec", stack.container("celery-beat"), "ls", "/var/lib/celery"))
                .contains("celerybeat-schedule");

        // beat and what it needs, no more
        String fast = "REFRESH_ANALYTICS_SECONDS=2";
        stack.run("start", "bi-agent", "celery-beat", "--set", fast, "--set", "UPDATE_ML_MODELS_SECONDS=2");
        try {
            await().atMost(Platform.LONGEST).untilAsserted(() -> assertThat(
                            stack.run("logs", "bi-agent", "celery-worker", "--tail", "200")
                                    .out())
                    .contains(
                            "tasks.refresh_analytics_views on queue analytics", "tasks.update_ml_models on queue ml"));
            assertThat(stack.run("logs", "bi-agent", "celery-beat").out())
                    .contains("Sending due task refresh-analytics", "Sending due task update-ml-models");
        } finally {
            stack.run("start", "bi-agent", "celery-beat");
        }
    }

    @Test
    @Row("bi-agent.mount-logs-api")
    @Row("bi-agent.mount-logs-ml")
    @Row("bi-agent.mount-logs-celery")
    void logsWhenTheApplicationsRunAreInTheProject() throws Exception {
        Path project = stack.launcher().project();
        platform().run("train_model", Map.of());

        assertThat(project.resolve("analytics-service/logs/analytics-api.log"))
                .content()
                .contains("analytics API on port 3000");
        assertThat(project.resolve("ml-service/logs/ml-service.log")).content().contains("trained 'revenue'");
        await().atMost(Platform.LONGEST)
                .untilAsserted(() -> assertThat(project.resolve("celery-service/logs/celery-worker.log"))
                        .content()
                        .contains("tasks.train_model on queue ml"));
        assertThat(project.resolve("celery-service/logs/celery-beat.log")).exists();
    }

    @Test
    @Row("bi-agent.analytics-api")
    void reportWhenOrderedIsWrittenInTheBackground() throws Exception {
        String id = String.valueOf(
                platform().api().post("/api/v1/reports", Map.of(), 202).get("id"));

        await().atMost(Platform.LONGEST)
                .untilAsserted(() -> assertThat(platform().api().json("/api/v1/reports/" + id))
                        .containsEntry("state", "completed")
                        .containsEntry("result", Map.of("bucket", "datasets", "key", "reports/" + id + ".csv")));
    }

    @Test
    @Row("common.built-from-project")
    void applicationsWhenStartedAreBuiltFromTheProjectsSource() throws Exception {
        Path samples = Launcher.samples().resolve("bi-agent");

        assertThat(Docker.run("exec", stack.container("analytics-api"), "cat", "/app/app.js"))
                .isEqualTo(Files.readString(samples.resolve("analytics-service/app.js"))
                        .strip());
        assertThat(Docker.run("exec", stack.container("celery-beat"), "cat", "/app/config.py"))
                .isEqualTo(Files.readString(samples.resolve("celery-service/config.py"))
                        .strip());
    }

    private static Platform platform() {
        return Platform.of(stack);
    }

    private static Map<String, String> variables(String service) {
        return Docker.inspect(stack.container(service)).environment();
    }

    private static String sql(String query) {
        return Platform.sql(stack.container("postgres"), query);
    }

    /** Connect from within a container, by what its image has. */
    private static String connect(String from, String host, String port) {
        boolean isNode = from.equals("web") || from.equals("analytics-api");
        String program = isNode
                ? "const s = require('net').connect(%2$s, '%1$s'); s.on('connect', () => { console.log('connected');"
                        + " process.exit() }); s.on('error', e => { console.log(/NOTFOUND|AGAIN/.test(e.code) ? 'not found'"
                        + " : e.code); process.exit() })"
                : "import socket; socket.create_connection(('%1$s', %2$s), 20).close(); print('connected')";
        return Docker.run(
                "exec",
                stack.container(from),
                isNode ? "node" : "python",
                isNode ? "-e" : "-c",
                program.formatted(host, port));
    }
}
