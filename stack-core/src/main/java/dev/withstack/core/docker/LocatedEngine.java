package dev.withstack.core.docker;

import java.util.List;

/**
 * Hold the address of the engine to use, and why it is this one.
 *
 * @param address where it listens
 * @param reason why this one: {@code DOCKER_HOST}, {@code context 'colima'}, {@code default socket}
 * @param tried what was looked at before and did not answer, in order
 */
public record LocatedEngine(EngineAddress address, String reason, List<Tried> tried) {

    public LocatedEngine {
        tried = List.copyOf(tried);
    }

    /** Hold an address that was asked for by name, with nothing tried before it. */
    public LocatedEngine(EngineAddress address, String reason) {
        this(address, reason, List.of());
    }

    /**
     * One place that was looked at in vain.
     *
     * @param where the socket or URL
     * @param problem why it was not it: {@code no such file}, {@code permission denied}
     */
    public record Tried(String where, String problem) {
        @Override
        public String toString() {
            return where + ": " + problem;
        }
    }

    @Override
    public String toString() {
        return address + " (" + reason + ")";
    }
}
