package dev.withstack.core.engine;

/** Thrown when the calling thread was interrupted; what was begun has been rolled back. */
public final class StackInterruptedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StackInterruptedException(InterruptedException cause) {
        super("Interrupted; what had been begun was taken back.", cause);
    }
}
