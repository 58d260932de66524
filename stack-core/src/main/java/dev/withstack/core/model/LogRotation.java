package dev.withstack.core.model;

/**
 * How much of a container's log is kept.
 *
 * @param size of one file, such as {@code 100m}
 * @param files how many files are kept; the oldest goes
 */
public record LogRotation(String size, int files) {

    public LogRotation {
        Limits.parseSize(size);
        if (files < 1) {
            throw new IllegalArgumentException("A log needs at least one file, not " + files + ".");
        }
    }
}
