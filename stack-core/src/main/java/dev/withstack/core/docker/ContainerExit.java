package dev.withstack.core.docker;

/**
 * Hold how a container ended.
 *
 * @param code its exit code
 * @param error what went wrong in waiting or starting, in the engine's words; else empty
 */
public record ContainerExit(int code, String error) {}
