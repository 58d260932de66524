package dev.withstack.core.model;

import java.util.Optional;

/**
 * What a container may use at most, and what is kept for it.
 *
 * @param cpus in CPUs, such as 1.5
 * @param memoryBytes in bytes
 * @param reservedCpus its share in CPUs when all are busy: a weight, not a promise
 * @param reservedMemoryBytes what it is pushed back to when memory runs short
 * @param pids processes and threads
 */
public record Limits(
        Optional<Double> cpus,
        Optional<Long> memoryBytes,
        Optional<Double> reservedCpus,
        Optional<Long> reservedMemoryBytes,
        Optional<Integer> pids) {

    /** No limits. */
    public static final Limits NONE =
            new Limits(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Return the same limits with this many CPUs. */
    public Limits cpus(double count) {
        return new Limits(Optional.of(count), memoryBytes, reservedCpus, reservedMemoryBytes, pids);
    }

    /** Return the same limits with this much memory, such as {@code 512m} or {@code 2g}. */
    public Limits memory(String size) {
        return new Limits(cpus, Optional.of(parseSize(size)), reservedCpus, reservedMemoryBytes, pids);
    }

    /** Return the same limits with this share of the CPUs when all are busy. */
    public Limits reservedCpus(double count) {
        return new Limits(cpus, memoryBytes, Optional.of(count), reservedMemoryBytes, pids);
    }

    /** Return the same limits with this much memory kept, such as {@code 256m}. */
    public Limits reservedMemory(String size) {
        return new Limits(cpus, memoryBytes, reservedCpus, Optional.of(parseSize(size)), pids);
    }

    /** Return the same limits with at most this many processes and threads. */
    public Limits pids(int count) {
        return new Limits(cpus, memoryBytes, reservedCpus, reservedMemoryBytes, Optional.of(count));
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
