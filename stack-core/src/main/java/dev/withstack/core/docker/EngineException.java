package dev.withstack.core.docker;

import org.jspecify.annotations.Nullable;

/** Say that a call to the engine did not do what was asked. */
public abstract sealed class EngineException extends RuntimeException
        permits EngineUnreachableException,
                EngineTooOldException,
                EngineUnsupportedException,
                EngineTimeoutException,
                EngineInterruptedException,
                DockerException,
                PullException,
                ExecTimeoutException {

    private static final long serialVersionUID = 1L;

    EngineException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
