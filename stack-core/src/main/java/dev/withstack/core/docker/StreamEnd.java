package dev.withstack.core.docker;

import java.util.Optional;

/**
 * Say why a stream ended.
 *
 * @param reason what ended it
 * @param failure what went wrong; only with {@link Reason#FAILED}
 */
public record StreamEnd(Reason reason, Optional<RuntimeException> failure) {

    /** What ended it. */
    public enum Reason {
        /** We closed it. */
        CLOSED,
        /** The engine had no more: the container ended, or for events the engine itself. */
        FINISHED,
        /** The connection broke, or the listener threw. */
        FAILED
    }

    static StreamEnd of(Reason reason) {
        return new StreamEnd(reason, Optional.empty());
    }

    static StreamEnd failed(RuntimeException failure) {
        return new StreamEnd(Reason.FAILED, Optional.of(failure));
    }
}
