package dev.withstack.core.graph;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown for a graph in which nodes depend on each other; carries the cycle, trimmed and closed. */
public final class CycleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<?> path;

    CycleException(List<?> path) {
        super("Cycle: " + path.stream().map(String::valueOf).collect(Collectors.joining(" → ")));
        this.path = List.copyOf(path);
    }

    /** Return the nodes of the cycle; the first one is also the last. */
    public List<?> path() {
        return path;
    }
}
