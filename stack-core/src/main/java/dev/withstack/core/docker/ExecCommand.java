package dev.withstack.core.docker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Describe a command to run in a container.
 *
 * @param command the program and its arguments
 * @param environment variables beside the container's own
 * @param user whom to run as; the container's user when empty
 * @param workingDirectory where to run; the container's when empty
 * @param timeout how long to wait for its end; without end when empty
 * @param outputLimit how many bytes of each stream to keep; the rest is read and dropped
 */
public record ExecCommand(
        List<String> command,
        Map<String, String> environment,
        String user,
        String workingDirectory,
        Optional<Duration> timeout,
        int outputLimit) {

    private static final int USUAL_LIMIT = 1024 * 1024;

    public ExecCommand {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("A command needs at least the name of a program");
        }
        command = List.copyOf(command);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }

    /** Describe a command that keeps up to 1 MiB of each stream. */
    public static ExecCommand of(String... command) {
        return of(List.of(command));
    }

    /** Describe a command that keeps up to 1 MiB of each stream. */
    public static ExecCommand of(List<String> command) {
        return new ExecCommand(command, Map.of(), "", "", Optional.empty(), USUAL_LIMIT);
    }

    /** Add a variable. */
    public ExecCommand environment(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(name, value);
        return new ExecCommand(command, more, user, workingDirectory, timeout, outputLimit);
    }

    /** Run as this user: a name, an id, or {@code user:group}. */
    public ExecCommand user(String name) {
        return new ExecCommand(command, environment, name, workingDirectory, timeout, outputLimit);
    }

    /** Run in this directory. */
    public ExecCommand workingDirectory(String path) {
        return new ExecCommand(command, environment, user, path, timeout, outputLimit);
    }

    /** Wait no longer than that. */
    public ExecCommand timeout(Duration longest) {
        return new ExecCommand(command, environment, user, workingDirectory, Optional.of(longest), outputLimit);
    }

    /** Keep that many bytes of each stream. */
    public ExecCommand outputLimit(int bytes) {
        return new ExecCommand(command, environment, user, workingDirectory, timeout, bytes);
    }

    /** Return the body of the engine's call, for a command that is given nothing to read. */
    Map<String, Object> json() {
        return json(Input.NONE);
    }

    /** Whether the command is given something to read. */
    enum Input {
        NONE,
        ATTACHED
    }

    Map<String, Object> json(Input input) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (input == Input.ATTACHED) {
            json.put("AttachStdin", true);
        }
        json.put("AttachStdout", true);
        json.put("AttachStderr", true);
        json.put("Cmd", command);
        List<String> variables = new ArrayList<>();
        environment.forEach((name, value) -> variables.add(name + "=" + value));
        json.put("Env", variables);
        json.put("User", user);
        json.put("WorkingDir", workingDirectory);
        return json;
    }
}
