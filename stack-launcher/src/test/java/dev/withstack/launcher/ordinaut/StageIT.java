package dev.withstack.launcher.ordinaut;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.FreePorts;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code stage} beside {@code dev}, and the switches of the document's script. */
class StageIT {
    private static final Duration LONGEST = Duration.ofMinutes(15);

    @RegisterExtension
    final Launcher launcher = Launcher.of("ordinaut");

    @BeforeEach
    void moveElsewhere() {
        launcher.in(Launcher.samples().resolve("ordinaut"));
        int first = FreePorts.inARow(12);
        launcher.environment("API_PORT", Integer.toString(first))
                .environment("POSTGRES_PORT", Integer.toString(first + 10))
                .environment("REDIS_PORT", Integer.toString(first + 11));
    }

    private Run feed(String input, String... arguments) throws Exception {
        try (LiveRun live = launcher.begin(arguments)) {
            live.input().write(input.getBytes(StandardCharsets.UTF_8));
            live.input().close();
            return live.await(LONGEST);
        }
    }

    @Test
    @Row("ordinaut.stage")
    @Row("settled.stage")
    void stageWhenDevRunsStandsBesideItByTheRulesOfProd() throws Exception {
        Run dev = feed("", "dev", "ordinaut", "postgres");
        assertThat(dev.exitCode()).as(dev.toString()).isZero();
        Map<String, String> before = Docker.running(launcher.prefix("dev"));
        launcher.withoutEnvironment("POSTGRES_PORT").withoutEnvironment("REDIS_PORT");
        Run refused = feed("", "stage", "ordinaut");
        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(4);
        assertThat(refused.err()).contains("POSTGRES_PASSWORD", "is not set, and stage needs it");
        launcher.environment("POSTGRES_PASSWORD", "a-password-of-thirty-two-letters");

        Run stage = feed("", "stage", "ordinaut", "--auto-ports", "--timeout", "10m");

        assertThat(stage.exitCode()).as(stage.toString()).isZero();
        String prefix = launcher.prefix("stage");
        assertThat(Docker.running(prefix))
                .containsOnlyKeys("postgres", "redis", "api", "api-1", "api-2", "scheduler", "worker-1", "worker-2");
        assertThat(Docker.inspect(prefix + "-postgres").publishedPorts()).isEmpty();
        assertThat(Docker.inspect(prefix + "-worker-1").environment()).containsEntry("LOG_LEVEL", "info");
        assertThat(Docker.running(launcher.prefix("dev"))).isEqualTo(before);
    }

    @Test
    @Row("ordinaut.flags")
    void devWhenCleanBuildAndLogsAreAskedForDoesWhatTheDocumentsScriptDid() throws Exception {
        Run first = feed("", "dev", "ordinaut", "--infra");
        assertThat(first.exitCode()).as(first.toString()).isZero();
        sql("CREATE TABLE kept (it int)");

        Run refused = feed("", "dev", "ordinaut", "--clean", "--infra");
        assertThat(refused.exitCode()).as("without anybody to ask: " + refused).isNotZero();
        assertThat(sql("SELECT count(*) FROM kept")).isEqualTo("0");

        try (LiveRun live = launcher.begin("dev", "ordinaut", "--clean", "--yes", "--build", "--logs")) {
            live.input().close();
            live.awaitOutput("Application startup complete", LONGEST);
            assertThat(live.printed()).contains("build api").containsPattern("(?m)^ready in ");
            assertThat(sql("SELECT to_regclass('kept') IS NULL")).isEqualTo("t");
            live.interrupt().await(LONGEST);
        }
        assertThat(Docker.running(launcher.prefix("dev")))
                .as("leaving the logs leaves the stack")
                .containsKeys("api-1", "scheduler", "worker-1");
    }

    private String sql(String statement) {
        return Docker.run(
                "exec",
                launcher.prefix("dev") + "-postgres",
                "psql",
                "-U",
                "orchestrator",
                "-d",
                "orchestrator_dev",
                "-qtAc",
                statement);
    }
}
