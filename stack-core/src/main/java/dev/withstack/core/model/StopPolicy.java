package dev.withstack.core.model;

import java.time.Duration;

/**
 * How a service is asked to end.
 *
 * @param signal such as {@code SIGTERM}; empty for the image's own
 * @param grace how long it may take before it is killed
 */
public record StopPolicy(String signal, Duration grace) {
    /** The image's own signal and ten seconds, as the engine does. */
    public static final StopPolicy DEFAULT = new StopPolicy("", Duration.ofSeconds(10));
}
