package dev.withstack.launcher.command;

import dev.withstack.core.model.Environment;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which environment a command looks at. Filled in by picocli. */
final class EnvironmentOption {
    @Option(
            names = "--env",
            paramLabel = "ENV",
            converter = EnvironmentWord.class,
            description = "dev, stage or prod; unless given, the one that runs, else dev")
    Optional<Environment> environment = Optional.empty();
}
