package dev.withstack.core.docker;

import org.jspecify.annotations.Nullable;

/** Say that an engine was asked for in a way that can't be followed; another one is never taken instead. */
public final class EngineUnsupportedException extends EngineException {

    private static final long serialVersionUID = 1L;

    public EngineUnsupportedException(String message) {
        this(message, null);
    }

    public EngineUnsupportedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
