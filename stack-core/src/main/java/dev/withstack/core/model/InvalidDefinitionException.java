package dev.withstack.core.model;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown when a definition or the settings it was made with are not sound; carries every problem found. */
public final class InvalidDefinitionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public InvalidDefinitionException(String title, List<Problem> problems) {
        super(title + ":\n" + problems.stream().map(problem -> "  - " + problem).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
