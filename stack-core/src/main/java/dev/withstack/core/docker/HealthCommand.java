package dev.withstack.core.docker;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Hold the health check of an image or a container; a zero stands for the engine's default.
 *
 * @param test the command with its form first: {@code CMD}, {@code CMD-SHELL} or {@code NONE}
 */
public record HealthCommand(List<String> test, Duration interval, Duration timeout, Duration startPeriod, int retries) {

    static Optional<HealthCommand> of(JsonObject json) {
        List<String> test = json.texts("Test");
        if (test.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new HealthCommand(
                test,
                Duration.ofNanos(json.number("Interval")),
                Duration.ofNanos(json.number("Timeout")),
                Duration.ofNanos(json.number("StartPeriod")),
                json.integer("Retries")));
    }
}
