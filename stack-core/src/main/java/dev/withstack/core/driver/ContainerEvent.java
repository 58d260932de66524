package dev.withstack.core.driver;

import java.time.Instant;

/** What the engine says has happened to a container of a stack. */
public sealed interface ContainerEvent {

    String service();

    String containerId();

    /** The main process has begun. */
    record Started(String service, String containerId) implements ContainerEvent {}

    /** The main process has ended, at this moment of the engine's clock. */
    record Died(String service, String containerId, int exitCode, Instant at) implements ContainerEvent {}

    /** The kernel has killed a process for want of memory. */
    record OutOfMemory(String service, String containerId) implements ContainerEvent {}

    /** The engine's own check has changed its mind. */
    record HealthChanged(String service, String containerId, String health) implements ContainerEvent {}

    /** Its processes were frozen. */
    record Paused(String service, String containerId) implements ContainerEvent {}

    /** Its processes go on. */
    record Resumed(String service, String containerId) implements ContainerEvent {}

    /** The container is no longer there. */
    record Removed(String service, String containerId) implements ContainerEvent {}

    /** The connection to the engine was lost: nothing more will be told. */
    record WatchLost(String service, String containerId, String reason) implements ContainerEvent {}
}
