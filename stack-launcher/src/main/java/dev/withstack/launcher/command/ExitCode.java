package dev.withstack.launcher.command;

/** The exit codes that scripts rely on. */
public enum ExitCode {
    OK(0),
    INTERNAL(1),
    USAGE(2),
    ENGINE(3),
    INVALID(4),
    FAILED(5),
    TIMED_OUT(6),
    NOT_RUNNING(7),
    UNHEALTHY(8),
    INTERRUPTED(130);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
