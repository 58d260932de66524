package dev.withstack.core.model;

import java.util.List;
import java.util.Map;

/**
 * What {@code shell} opens in a service.
 *
 * @param alias a short name for it on the command line, such as {@code db}
 * @param command the program and its arguments
 * @param environment what the program reads from its environment, credentials among it
 */
public record Shell(String alias, List<String> command, Map<String, Value> environment) {
    public Shell {
        command = List.copyOf(command);
        environment = Ordered.copyOf(environment);
    }
}
