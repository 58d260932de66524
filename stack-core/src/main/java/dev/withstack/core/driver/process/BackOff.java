package dev.withstack.core.driver.process;

import java.time.Duration;

/** How long to wait before a process is started again: twice as long each time, and little again once it has run for a while. */
final class BackOff {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration RAN_WELL = Duration.ofSeconds(30);

    private Duration next = FIRST;

    /** Return the pause before the next start, after the process has run for so long. */
    Duration next(Duration ran) {
        Duration pause = ran.compareTo(RAN_WELL) >= 0 ? FIRST : next;
        Duration doubled = pause.multipliedBy(2);
        next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        return pause;
    }
}
