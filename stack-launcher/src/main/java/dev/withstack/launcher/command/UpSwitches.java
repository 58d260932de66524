package dev.withstack.launcher.command;

import dev.withstack.core.engine.UpOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of the commands that bring a stack up. Filled in by picocli. */
final class UpSwitches {
    @Option(names = "--infra", description = "only the infrastructure: the servers that the application stands on")
    boolean infra;

    @Option(
            names = "--only",
            paramLabel = "SERVICE",
            split = ",",
            description = "this service alone; what it needs is checked, not started")
    List<String> only = new ArrayList<>();

    @Option(names = "--auto-ports", description = "take the next free port where one is taken, and remember it")
    boolean autoPorts;

    @Option(names = "--keep", description = "when a service fails, keep what was begun for a look")
    boolean keep;

    @Option(names = "--adopt", description = "use volumes that withstack did not make")
    boolean adopt;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationWord.class,
            description = "give up on a service that is not ready after this, such as 90s")
    Optional<Duration> timeout = Optional.empty();

    UpOptions options() {
        UpOptions options = UpOptions.DEFAULT;
        options = autoPorts ? options.ports(UpOptions.Ports.NEXT_FREE) : options;
        options = keep ? options.onFailure(UpOptions.OnFailure.KEEP) : options;
        options = adopt ? options.volumes(UpOptions.Volumes.ADOPTED) : options;
        return timeout.isPresent() ? options.patience(timeout.get()) : options;
    }
}
