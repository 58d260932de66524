package dev.withstack.core.health;

import dev.withstack.core.model.HostAndPort;
import java.time.Duration;
import java.util.List;

/** The running service that a probe asks: how it is reached from here. Implementations are thread-safe. */
public interface ProbeTarget {

    /**
     * Return where the endpoint can be reached from this process.
     *
     * @throws java.io.IOException if it can't be reached now, with the reason
     */
    HostAndPort address(String endpoint) throws java.io.IOException;

    /** Run a command inside the service and return what it answered. */
    Answer run(List<String> command, Duration timeout) throws java.io.IOException, InterruptedException;

    /** Ask the wait strategy that the service brings itself. */
    Answer askItself() throws java.io.IOException, InterruptedException;

    /** Tell whether the main process of a service that runs once has ended with exit code 0. */
    default Answer askForCompletion() throws java.io.IOException {
        throw new java.io.IOException("it does not run once");
    }

    /** Return how long the service has been running, zero if it is not. */
    Duration uptime() throws java.io.IOException;
}
