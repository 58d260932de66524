package dev.withstack.core.docker;

/** Name what a container does, in the engine's words. */
public enum ContainerState {
    CREATED,
    RUNNING,
    PAUSED,
    RESTARTING,
    REMOVING,
    EXITED,
    DEAD,
    /** A word that Docker does not use; other engines have some. */
    UNKNOWN;

    static ContainerState of(String word) {
        return switch (word) {
            case "created", "configured", "initialized" -> CREATED;
            case "running" -> RUNNING;
            case "paused" -> PAUSED;
            case "restarting" -> RESTARTING;
            case "removing" -> REMOVING;
            case "exited", "stopped" -> EXITED;
            case "dead" -> DEAD;
            default -> UNKNOWN;
        };
    }
}
