package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.FreePorts;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is done to a stack that runs, tried on Frostbyte's PostgreSQL alone. */
class OperateIT {
    private static final Duration SOON = Duration.ofMinutes(5);
    private static final String AWKWARD = "a\"b\\c'd e%f&g$h#i{}[]?ü→";

    @RegisterExtension
    static final Launcher launcher = Launcher.create();

    private static final String PORT = Integer.toString(FreePorts.inARow(1));

    /** What a test has done to it is mended by the next start. */
    @BeforeEach
    void start() throws Exception {
        launcher.environment("POSTGRES_PORT", PORT);
        launcher.environment("POSTGRES_PASSWORD", AWKWARD);
        well("start", "frostbyte", "postgres");
    }

    @Test
    @Row("common.events")
    void eventsTellWhatHasHappenedAndWhatHappens() throws Exception {
        try (LiveRun live = launcher.begin("events", "frostbyte")) {
            await().atMost(SOON).untilAsserted(() -> {
                freezeForAMoment();
                assertThat(live.printed()).contains("paused", "resumed");
            });
            live.interrupt();
            assertThat(live.await(SOON).exitCode()).isIn(0, 130);
        }
        // the engine forgets soon what has happened, the sooner the more happens elsewhere
        await().atMost(SOON).untilAsserted(() -> {
            freezeForAMoment();
            assertThat(well("events", "frostbyte", "--since", "10m").out())
                    .containsPattern("postgres +(paused|resumed)");
        });
    }

    private static void freezeForAMoment() {
        Docker.run("pause", container());
        Docker.run("unpause", container());
    }

    @Test
    @Row("common.top")
    void topTellsWhatAServiceUses() throws Exception {
        Run top = well("top", "frostbyte", "--output", "json");

        assertThat(top.events("usage")).singleElement().satisfies(usage -> {
            assertThat(usage).containsEntry("service", "postgres").containsKeys("cpus", "memoryLimitBytes");
            assertThat(((Number) usage.get("memoryBytes")).longValue()).isPositive();
        });
    }

    @Test
    @Row("common.bundle")
    void bundleHoldsWhatAColleagueNeedsAndNoSecret() throws Exception {
        // the server logs the statement that it does not understand
        launcher.run("shell", "frostbyte", "db", "--", "-c", "select $q$" + AWKWARD + "$q$ as told where");

        Path archive = launcher.project().resolve("sent.zip");
        well("bundle", "frostbyte", "--out", archive.toString());

        StringBuilder all = new StringBuilder();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                all.append(entry.getName()).append('\n').append(new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        assertThat(all)
                .contains("/check.txt", "/logs/postgres.log", "database system is ready", "***")
                .doesNotContain(AWKWARD);
    }

    @Test
    @Row("common.restart-same")
    void restartFromATerminalThatDoesNotKnowTheSettingsTouchesNothing() throws Exception {
        String before = Docker.inspect(container()).text("State", "StartedAt");
        launcher.withoutEnvironment("POSTGRES_PASSWORD");

        Run refused = launcher.run("restart", "frostbyte", "postgres");

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(4);
        assertThat(refused.err()).containsPattern("postgres: config changed: .*POSTGRES_PASSWORD");
        assertThat(Docker.inspect(container()).text("State", "StartedAt")).isEqualTo(before);
    }

    @Test
    @Row("common.supervise")
    void superviseStaysWithWhatWasStartedBefore() throws Exception {
        try (LiveRun live = launcher.begin("supervise", "frostbyte")) {
            live.awaitOutput("Watching frostbyte", SOON);

            Docker.run("kill", container());

            live.awaitOutput("postgres ended with exit code 137", SOON).interrupt();
            assertThat(live.await(SOON).exitCode()).isIn(0, 130);
        }
    }

    @Test
    @Row("common.pull")
    void pullWithoutARegistryLeavesWhatIsThere() throws Exception {
        Run pull = well("pull", "frostbyte", "postgres");

        assertThat(pull.out()).contains("postgres: ");
        assertThat(Docker.inspect(container()).text("State", "Status")).isEqualTo("running");
    }

    private static String container() {
        return launcher.prefix("dev") + "-postgres";
    }

    private static Run well(String... arguments) throws InterruptedException {
        Run run = launcher.run(arguments);
        assertThat(run.exitCode()).as(run.toString()).isZero();
        return run;
    }
}
