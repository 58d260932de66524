package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The jar as users run it, where no stack has to be started for it. */
class LauncherIT {
    @RegisterExtension
    final Launcher launcher = Launcher.create();

    @Test
    void helpWhenAskedForListsTheCommands() throws Exception {
        Run run = launcher.run("--help");

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.out()).contains("Up and down:", "  dev ", "  status ", "Exit codes: 0 ok");
    }

    @Test
    void commandWhenMisspelledIsSuggested() throws Exception {
        Run run = launcher.run("strat");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("There is no command 'strat'. Did you mean 'start'? See stack --help.\n");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void engineWhenItCanNotBeReachedIsExitCodeThree() throws Exception {
        Run run = launcher.environment("DOCKER_HOST", "unix:///nowhere.sock").run("status", "frostbyte");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(3);
        assertThat(run.err()).contains("/nowhere.sock");
    }

    @Test
    void settingsWhenMalformedAreExitCodeFourWithFileAndLine() throws Exception {
        Run run = launcher.dotEnv("REDIS_PORT=6379", "this is no setting").run("dev", "frostbyte");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(4);
        assertThat(run.err()).contains(".env:2: this line is not NAME=value.");
    }
}
