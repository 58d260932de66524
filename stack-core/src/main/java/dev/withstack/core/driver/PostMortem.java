package dev.withstack.core.driver;

import java.util.List;

/**
 * What can be learned of a container that did not do what it should.
 *
 * @param state the engine's word, such as {@code exited}
 * @param exitCode of the main process
 * @param outOfMemory whether the kernel killed it for want of memory
 * @param memoryLimit in bytes, 0 for none
 * @param error what the engine says, such as why it could not start it; may be empty
 * @param healthOutput the last answer of the engine's own check; may be empty
 * @param logTail the last lines of its log
 */
public record PostMortem(
        String state,
        int exitCode,
        Memory outOfMemory,
        long memoryLimit,
        String error,
        String healthOutput,
        List<String> logTail) {
    public PostMortem {
        logTail = List.copyOf(logTail);
    }

    /** Whether memory was what it died of. */
    public enum Memory {
        ENOUGH,
        EXHAUSTED
    }
}
