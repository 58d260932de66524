package dev.withstack.core.model;

import java.util.Optional;

/**
 * What a container may use at most.
 *
 * @param cpus in CPUs, such as 1.5
 * @param memoryBytes in bytes
 */
public record Limits(Optional<Double> cpus, Optional<Long> memoryBytes) {

    /** No limits. */
    public static final Limits NONE = new Limits(Optional.empty(), Optional.empty());

    /** Return the same limits with this many CPUs. */
    public Limits cpus(double count) {
        return new Limits(Optional.of(count), memoryBytes);
    }

    /** Return the same limits with this much memory, such as {@code 512m} or {@code 2g}. */
    public Limits memory(String size) {
        return new Limits(cpus, Optional.of(parseSize(size)));
    }

    /**
     * Return the number of bytes that a size such as {@code 512m}, {@code 1.5g} or {@code 1048576} means.
     *
     * @throws IllegalArgumentException if it is no such size
     */
    public static long parseSize(String size) {
        var match = java.util.regex.Pattern.compile(
                        "(\\d+(?:\\.\\d+)?)\\s*([kmgt]?)i?b?", java.util.regex.Pattern.CASE_INSENSITIVE)
                .matcher(size.trim());
        if (!match.matches()) {
            throw new IllegalArgumentException("'" + size + "' is not a size such as 512m or 2g.");
        }
        int power =
                " kmgt".indexOf(match.group(2).isEmpty() ? " " : match.group(2).toLowerCase(java.util.Locale.ROOT));
        return (long) (Double.parseDouble(match.group(1)) * Math.pow(1024, power));
    }
}
