package dev.withstack.launcher.command;

/** Thrown to end with the exit code of the program that was handed the terminal. */
public final class ProgramEndedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    public ProgramEndedException(int code) {
        super("ended with " + code);
        this.code = code;
    }

    public int code() {
        return code;
    }
}
