package dev.withstack.core.docker;

import java.time.Duration;

/** Say that the engine took a call and then was silent for too long. */
public final class EngineTimeoutException extends EngineException {

    private static final long serialVersionUID = 1L;

    private final Duration waited;

    public EngineTimeoutException(String call, LocatedEngine engine, Duration waited) {
        super(
                "No answer from the Docker engine at " + engine + " to " + call + " for " + Durations.text(waited)
                        + ".\nIt may be overloaded or hung; see its log (journalctl -u docker).",
                null);
        this.waited = waited;
    }

    /** Return how long nothing came. */
    public Duration waited() {
        return waited;
    }
}
