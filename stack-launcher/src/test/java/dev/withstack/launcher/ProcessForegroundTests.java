package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C and other signals, sent to a real process in the middle of a start. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no kill that sends a signal")
class ProcessForegroundTests {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void interruptWhenStartingTakesBackWhatWasBegunAndEndsWith130() throws Exception {
        try (LiveRun live = begin("well")) {
            Run run = live.awaitOutput("db: warming up", LONGEST).interrupt().await(LONGEST);

            assertThat(run.exitCode()).as(run.toString()).isEqualTo(130);
            assertThat(run.out())
                    .contains("Taking back what was begun; press Ctrl-C again to force.")
                    .contains("took back what was begun: ");
            assertThat(run.err()).contains("Interrupted; what had been begun was taken back.");
        }
    }

    @Test
    void interruptWhenPressedAgainWhileTakingBackHangsForcesTheEnd() throws Exception {
        try (LiveRun live = begin("stuck")) {
            live.awaitOutput("db: warming up", LONGEST).interrupt();
            Run run = live.awaitOutput("stuck", LONGEST).interrupt().await(LONGEST);

            assertThat(run.exitCode()).as(run.toString()).isEqualTo(130);
            assertThat(run.err()).doesNotContain("was taken back");
        }
    }

    @Test
    void terminationWhenStartingWaitsUntilWhatWasBegunIsTakenBack() throws Exception {
        try (LiveRun live = begin("well")) {
            Run run = live.awaitOutput("db: warming up", LONGEST).signal("TERM").await(LONGEST);

            assertThat(run.exitCode()).as(run.toString()).isEqualTo(143);
            assertThat(run.out()).contains("took back what was begun: ");
        }
    }

    private LiveRun begin(String rollBack) throws IOException {
        List<String> command = List.of(
                // a build that runs in the background hands down an ignored Ctrl-C
                "/usr/bin/env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SlowStart.class.getName(),
                directory.toString(),
                rollBack);
        return LiveRun.of(List.of("start"), new ProcessBuilder(command).start());
    }
}
