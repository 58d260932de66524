package dev.withstack.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** When a service was restarted, as far back as it matters. Not safe for use by several threads. */
final class RestartHistory {
    private final Deque<Instant> restarts = new ArrayDeque<>();

    void add(Instant at) {
        restarts.add(at);
    }

    /** Return how often it was restarted in the window before now. */
    int count(Instant now) {
        restarts.removeIf(at -> Duration.between(at, now).compareTo(Supervisor.WINDOW) > 0);
        return restarts.size();
    }

    /** Return how long to wait before the next restart: a second at first, twice as long each time. */
    Duration pause(Instant now) {
        Duration pause = Supervisor.FIRST_PAUSE.multipliedBy(1L << Math.min(count(now), 16));
        return pause.compareTo(Supervisor.LONGEST_PAUSE) > 0 ? Supervisor.LONGEST_PAUSE : pause;
    }
}
