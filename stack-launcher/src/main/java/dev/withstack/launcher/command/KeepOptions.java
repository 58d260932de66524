package dev.withstack.launcher.command;

import dev.withstack.core.data.Retention;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which backups are kept. Filled in by picocli. */
final class KeepOptions {
    @Option(
            names = "--keep-hourly",
            paramLabel = "N",
            description = "keep the last backup of each of N hours; remove what no option keeps")
    Optional<Integer> hourly = Optional.empty();

    @Option(
            names = "--keep-daily",
            paramLabel = "N",
            description = "keep the last backup of each of N days; remove what no option keeps")
    Optional<Integer> daily = Optional.empty();

    /** Return what is kept; empty if neither was given. */
    Optional<Retention> retention() {
        return hourly.isEmpty() && daily.isEmpty()
                ? Optional.empty()
                : Optional.of(new Retention(notNegative(hourly), notNegative(daily)));
    }

    private static int notNegative(Optional<Integer> number) {
        if (number.orElse(0) < 0) {
            throw CommandFailedException.usage(number.orElse(0) + " backups can't be kept: 0 or more are possible.");
        }
        return number.orElse(0);
    }
}
