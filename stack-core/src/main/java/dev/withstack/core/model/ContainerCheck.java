package dev.withstack.core.model;

import java.time.Duration;
import java.util.List;

/**
 * The engine's own health check, run inside the container: it goes on watching after the launcher has left.
 *
 * @param command the program and its arguments; a single element is a shell line
 */
public record ContainerCheck(
        List<String> command, Duration interval, Duration timeout, int retries, Duration startPeriod) {

    public ContainerCheck {
        command = List.copyOf(command);
    }

    /** Return a check at the documents' pace: every 10 s, 5 s each, 5 retries, 10 s to begin with. */
    public static ContainerCheck of(String... command) {
        return new ContainerCheck(
                List.of(command), Duration.ofSeconds(10), Duration.ofSeconds(5), 5, Duration.ofSeconds(10));
    }

    /** Return the same check at another pace. */
    public ContainerCheck every(Duration pace) {
        return new ContainerCheck(command, pace, timeout, retries, startPeriod);
    }
}
