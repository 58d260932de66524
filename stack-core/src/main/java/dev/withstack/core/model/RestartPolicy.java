package dev.withstack.core.model;

/** What the engine does when a container's main process ends by itself. */
public enum RestartPolicy {
    NEVER,
    ON_FAILURE,
    UNLESS_STOPPED
}
