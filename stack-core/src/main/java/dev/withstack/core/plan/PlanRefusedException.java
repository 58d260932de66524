package dev.withstack.core.plan;

import dev.withstack.core.model.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** Thrown when carrying out a plan could only fail or do harm; nothing has been touched. Carries every reason. */
public final class PlanRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public PlanRefusedException(String title, List<Problem> problems) {
        super(title + ":\n" + problems.stream().map(problem -> "  - " + problem).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
