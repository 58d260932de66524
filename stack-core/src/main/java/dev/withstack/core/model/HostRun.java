package dev.withstack.core.model;

import java.util.List;

/**
 * How a developer runs a service on the host instead, for hot reload.
 *
 * @param directory relative to the project directory
 * @param command the program and its arguments
 */
public record HostRun(String directory, List<String> command) {
    public HostRun {
        command = List.copyOf(command);
    }
}
