package dev.withstack.core.diagnosis;

import dev.withstack.core.driver.PostMortem;

/** Says in words how a main process ended. */
public final class Exit {
    private static final int SIGNALLED = 128;
    private static final int SIGKILL = 137;
    private static final int SIGSEGV = 139;
    private static final int SIGTERM = 143;
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;

    private Exit() {}

    /** Return how the container ended, such as {@code exited with code 3}. */
    public static String describe(int exitCode, PostMortem.Memory memory, long memoryLimit) {
        if (memory == PostMortem.Memory.EXHAUSTED) {
            return "killed for want of memory" + limit(memoryLimit);
        }
        if (exitCode == SIGKILL && memoryLimit > 0) {
            // a busy engine tells late or never that it was the memory
            return "killed (SIGKILL), from outside or for want of memory" + limit(memoryLimit);
        }
        return switch (exitCode) {
            case 0 -> "exited with code 0, though it was meant to go on";
            case NOT_EXECUTABLE -> "exited with code 126: its command can't be executed";
            case NOT_FOUND -> "exited with code 127: its command was not found in the image";
            case SIGKILL -> "killed from outside (SIGKILL)";
            case SIGSEGV -> "crashed (SIGSEGV)";
            case SIGTERM -> "ended from outside (SIGTERM)";
            default ->
                exitCode > SIGNALLED && exitCode < SIGNALLED + 65
                        ? "ended by signal " + (exitCode - SIGNALLED)
                        : "exited with code " + exitCode;
        };
    }

    private static String limit(long memoryLimit) {
        return memoryLimit > 0 ? " (limit " + (memoryLimit >> 20) + " MiB)" : "";
    }
}
