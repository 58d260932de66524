package dev.withstack.core.docker;

/** Name what the container's own health check says. */
public enum ContainerHealth {
    /** It has none. */
    NONE,
    STARTING,
    HEALTHY,
    UNHEALTHY;

    static ContainerHealth of(String word) {
        return switch (word) {
            case "starting" -> STARTING;
            case "healthy" -> HEALTHY;
            case "unhealthy" -> UNHEALTHY;
            default -> NONE;
        };
    }

    /** Read it from a status such as {@code Up 2 hours (healthy)}. */
    static ContainerHealth ofStatus(String status) {
        if (status.endsWith("(healthy)")) {
            return HEALTHY;
        }
        if (status.endsWith("(unhealthy)")) {
            return UNHEALTHY;
        }
        return status.endsWith("(health: starting)") ? STARTING : NONE;
    }
}
