package dev.withstack.core.model;

/**
 * A named volume at a path of the container.
 *
 * @param volume the name within the stack, such as {@code postgres_data}
 * @param path where the container sees it
 */
public record VolumeMount(String volume, String path) {}
