package dev.withstack.core.plan;

import java.util.List;

/**
 * A step in its place.
 *
 * @param number counts from 1
 * @param cause why it has to be done
 * @param after the numbers of the steps that must be done before
 */
public record PlannedStep(int number, Step step, String cause, List<Integer> after) {
    public PlannedStep {
        after = List.copyOf(after);
    }
}
