package dev.withstack.launcher.command;

/** Thrown when nobody reads the output any more, as when {@code head} has seen enough: no error, only an end. */
public final class OutputLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;
}
