package dev.withstack.core.docker;

import java.time.Instant;

/**
 * Hold one line that a container wrote.
 *
 * @param stream where it was written; with a terminal everything is standard output
 * @param time when the engine took it
 * @param text the line without its end
 */
public record LogLine(Stream stream, Instant time, String text) {

    /** The streams of a container. */
    public enum Stream {
        STDOUT,
        STDERR
    }
}
