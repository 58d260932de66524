package dev.withstack.launcher.biagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Run;
import dev.withstack.launcher.scenario.SharedStack;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The commands that stand where the document's scripts were, on a running BI-Agent. */
class CommandsIT {
    @RegisterExtension
    static final SharedStack stack = Platform.shared();

    @Test
    @Row("bi-agent.health-check")
    @Row("common.status")
    void statusWhenAllIsUpShowsEachOfTheTwelve() throws Exception {
        Run status = stack.run("status", "bi-agent", "--wait");

        assertThat(status.out().lines()).anySatisfy(line -> assertThat(line)
                .startsWith("analytics-api ")
                .contains("running", "127.0.0.1:" + stack.port("ANALYTICS_API_PORT"), "built from analytics-service"));
        for (String service : Platform.TWELVE) {
            assertThat(status.out().lines()).as(service).anySatisfy(line -> assertThat(line)
                    .startsWith(service + " ")
                    .contains("running"));
        }
    }

    @Test
    @Row("bi-agent.health-check")
    @Row("common.check")
    void checkWhenAllIsWellSaysSoOfEachService() throws Exception {
        await().atMost(Platform.LONGEST).untilAsserted(() -> {
            Run check = stack.run("check", "bi-agent", "--output", "json");

            assertThat(check.events("finding"))
                    .extracting(event -> event.get("subject"))
                    .containsAll(Platform.TWELVE);
            assertThat(check.events("finding"))
                    .extracting(event -> event.get("verdict"))
                    .containsOnly("good");
        });
    }

    @Test
    @Row("bi-agent.health-check")
    void checkWhenAServiceIsDownNamesItAndFails() throws Exception {
        Docker.run("stop", stack.container("web"));
        try {
            Run check = stack.launcher().run("check", "bi-agent");
            Run status = stack.launcher().run("status", "bi-agent");

            assertThat(check.exitCode()).as(check.toString()).isEqualTo(8);
            assertThat(check.out()).contains("web");
            assertThat(status.exitCode()).as(status.toString()).isEqualTo(8);
        } finally {
            stack.run("start", "bi-agent");
        }
    }

    @Test
    @Row("bi-agent.health-check")
    void urlsWhenAllIsUpAreTheDocuments() throws Exception {
        assertThat(stack.run("urls", "bi-agent").out())
                .contains("http://127.0.0.1:" + stack.port("ANALYTICS_API_PORT"))
                .contains("http://127.0.0.1:" + stack.port("WEB_PORT"))
                .contains("http://127.0.0.1:" + stack.port("ML_SERVICE_PORT"))
                .contains("http://127.0.0.1:" + stack.port("GRAFANA_PORT"))
                .contains("http://127.0.0.1:" + stack.port("JAEGER_PORT"))
                .contains("http://127.0.0.1:" + stack.port("PROMETHEUS_PORT"))
                .contains("http://127.0.0.1:" + stack.port("MINIO_CONSOLE_PORT"));
    }

    @Test
    @Row("bi-agent.view-logs")
    @Row("common.logs")
    void logsWhenNoServiceIsNamedShowAllAndWhenOneIsNamedShowItAlone() throws Exception {
        Run all = stack.run("logs", "bi-agent", "--tail", "all");
        Run one = stack.run("logs", "bi-agent", "analytics-api");

        assertThat(all.out())
                .contains("analytics API on port 3000")
                .contains("Uvicorn running on")
                .contains("database system is ready to accept connections")
                .contains("the page is on port 3001");
        assertThat(one.out()).contains("analytics API on port 3000").doesNotContain("Uvicorn");
    }

    @Test
    @Row("common.restart")
    @Row("common.data-survives-restart")
    void restartWhenThereIsDataKeepsItAndLeavesTheOthersAlone() throws Exception {
        Platform platform = Platform.of(stack);
        platform.run("train_model", Map.of());
        platform.run("import_data", Map.of());
        Map<String, Instant> before = startedAt();

        stack.run("restart", "bi-agent", "postgres");
        stack.run("restart", "bi-agent", "minio");

        Map<String, Instant> after = startedAt();
        assertThat(after.get("postgres")).isAfter(before.get("postgres"));
        assertThat(after).containsEntry("grafana", before.get("grafana"));
        assertThat(Platform.sql(stack.container("postgres"), "SELECT count(*) FROM analytics.sales"))
                .isEqualTo("480");
        assertThat(platform.ml().json("/models").get("models").toString()).contains("revenue");
        assertThat(platform.run("calculate_kpis", Map.of()).get("kpis")).isNotNull();
    }

    @Test
    void planWhenTheLimitOfOneServiceDiffersTouchesIt() throws Exception {
        Run plan = stack.run("plan", "start", "bi-agent", "--set", "ML_SERVICE_MEMORY=300m");

        assertThat(plan.out().lines().filter(line -> line.contains("config changed")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("ml-service"));
    }

    private static Map<String, Instant> startedAt() {
        Map<String, Instant> started = new LinkedHashMap<>();
        Platform.TWELVE.forEach(service -> started.put(
                service, Instant.parse(Docker.inspect(stack.container(service)).text("State", "StartedAt"))));
        return started;
    }
}
