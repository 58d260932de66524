package dev.withstack.launcher.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Runs every command that the README shows, in its order, as a reader would. */
class ReadmeIT {

    @RegisterExtension
    final Launcher launcher = Launcher.create();

    @TempDir
    Path backups;

    @Test
    @Row("common.one-command")
    @Row("common.samples")
    void commandsWhenTypedAsShownDoWhatTheReadmeSays() throws Exception {
        launcher.in(Path.of("..").toRealPath());
        for (List<String> command : Readme.read().stackCommands()) {
            Run run = launcher.run(typed(command));

            assertThat(run.exitCode()).as(run.toString()).isEqualTo(expected(command));
        }
    }

    /** Other tests of this run may have Frostbyte's own ports, so those that start it take the next free ones. */
    private String[] typed(List<String> command) {
        List<String> words = new ArrayList<>(command);
        if (command.contains("dev") || command.contains("start")) {
            words.add("--auto-ports");
        }
        if (command.contains("backup")) {
            words.addAll(List.of("--to", backups.toString()));
        }
        return words.toArray(String[]::new);
    }

    /** Without secrets of its own, a release is refused. */
    private static int expected(List<String> command) {
        return command.contains("prod") ? 4 : 0;
    }
}
