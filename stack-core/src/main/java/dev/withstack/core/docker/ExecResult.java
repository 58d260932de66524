package dev.withstack.core.docker;

/**
 * Hold what a command in a container did.
 *
 * @param exitCode its exit code; 126 and 127 when it could not be run or found
 * @param stdout its standard output, UTF-8
 * @param stderr its standard error, UTF-8
 * @param truncated whether some output was dropped for the limit
 */
public record ExecResult(int exitCode, String stdout, String stderr, boolean truncated) {}
