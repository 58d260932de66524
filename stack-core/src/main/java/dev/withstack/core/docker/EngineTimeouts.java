package dev.withstack.core.docker;

import java.time.Duration;

/**
 * Say how long the engine may be silent.
 *
 * @param connect how long a connection may take to open
 * @param silence how long a call may go without a byte of answer; calls that wait for something to happen are exempt
 */
public record EngineTimeouts(Duration connect, Duration silence) {

    /** Return the usual: 5 s to connect, 60 s of silence. */
    public static EngineTimeouts usual() {
        return new EngineTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(60));
    }
}
