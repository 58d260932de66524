package dev.withstack.core.docker;

import java.time.Duration;
import java.util.List;

/** Say that a command in a container did not end in time; the engine has no way to end it, so it may go on. */
public final class ExecTimeoutException extends EngineException {

    private static final long serialVersionUID = 1L;

    private final String stdout;
    private final String stderr;

    public ExecTimeoutException(
            String container, List<String> command, Duration timeout, String stdout, String stderr) {
        super(
                "Command " + command + " in container '" + container + "' did not end within " + Durations.text(timeout)
                        + "; it may still be running there.",
                null);
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /** Return what the command had written to its standard output until then. */
    public String stdout() {
        return stdout;
    }

    /** Return what the command had written to its standard error until then. */
    public String stderr() {
        return stderr;
    }
}
