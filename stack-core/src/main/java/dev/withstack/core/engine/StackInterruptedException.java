package dev.withstack.core.engine;

/** Thrown when the calling thread was interrupted; says what became of what had been begun. */
public final class StackInterruptedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private StackInterruptedException(String message, InterruptedException cause) {
        super(message, cause);
    }

    static StackInterruptedException duringStart(InterruptedException cause, UpOptions.OnFailure onFailure) {
        String what =
                switch (onFailure) {
                    case ROLL_BACK ->
                        cause.getSuppressed().length == 0
                                ? "what had been begun was taken back."
                                : "taking back what had been begun did not succeed: "
                                        + cause.getSuppressed()[0].getMessage();
                    case KEEP -> "what had been begun is kept.";
                };
        return new StackInterruptedException("Interrupted; " + what, cause);
    }

    static StackInterruptedException duringChange(InterruptedException cause) {
        return new StackInterruptedException("Interrupted; what had not been done yet is left as it is.", cause);
    }
}
