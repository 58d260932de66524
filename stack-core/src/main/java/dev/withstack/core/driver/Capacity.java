package dev.withstack.core.driver;

import java.util.Optional;

/**
 * What the machine that containers run on has.
 *
 * @param disk where images and volumes are kept; empty where that can't be looked at from here
 */
public record Capacity(int cpus, long memoryBytes, Optional<Disk> disk) {

    /**
     * A disk.
     *
     * @param directory what is kept on it
     */
    public record Disk(String directory, long freeBytes, long totalBytes) {}
}
