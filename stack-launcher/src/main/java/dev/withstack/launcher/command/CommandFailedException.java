package dev.withstack.launcher.command;

/** Thrown when a command can't do what it was asked; says why, and what to do about it. */
public final class CommandFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    public CommandFailedException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    static CommandFailedException usage(String message) {
        return new CommandFailedException(ExitCode.USAGE, message);
    }

    static CommandFailedException notRunning(String message) {
        return new CommandFailedException(ExitCode.NOT_RUNNING, message);
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}
