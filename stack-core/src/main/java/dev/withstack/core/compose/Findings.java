package dev.withstack.core.compose;

import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.Problem;
import java.util.ArrayList;
import java.util.List;

/** Collects what can't be kept of a Compose file, and what can but should be known. Used by one thread. */
final class Findings {
    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    /** Note what changes what the file means. */
    void error(Place where, String what, String fix) {
        add(errors, where, what, fix);
    }

    /** Note what the file says and does not matter here, or matters little. */
    void warning(Place where, String what, String fix) {
        add(warnings, where, what, fix);
    }

    /** What stands behind an anchor is read wherever it is used, and told once. */
    private static void add(List<Problem> problems, Place where, String what, String fix) {
        Problem problem = new Problem(where.toString(), what, fix);
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /** Take over what somebody else has found wrong. */
    void errors(List<Problem> others) {
        errors.addAll(others);
    }

    List<Problem> warnings() {
        return List.copyOf(warnings);
    }

    /** Return the exception with all errors so far and one more, which leaves nothing to go on with. */
    InvalidDefinitionException fatal(Place where, String what, String fix) {
        error(where, what, fix);
        return new InvalidDefinitionException("'" + where.file() + "' can't be run", errors);
    }

    /** @throws InvalidDefinitionException with all errors, if there are any */
    void throwErrors(String file) {
        if (!errors.isEmpty()) {
            throw new InvalidDefinitionException("'" + file + "' can't be run", errors);
        }
    }
}
