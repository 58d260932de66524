package dev.withstack.launcher.command;

import dev.withstack.core.engine.UpOptions;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of the commands that replace what runs. Filled in by picocli. */
final class RolloutSwitches {
    @Option(names = "--build", description = "build the images again, also of a source that has not changed")
    boolean build;

    @Option(names = "--dry-run", description = "show what would be done and why; change nothing")
    boolean dryRun;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationWord.class,
            description = "give up on a service that is not ready after this, such as 90s")
    Optional<Duration> timeout = Optional.empty();

    UpOptions options() {
        UpOptions options = build ? UpOptions.DEFAULT.builds(UpOptions.Builds.EVERYTHING) : UpOptions.DEFAULT;
        return timeout.isPresent() ? options.patience(timeout.get()) : options;
    }
}
