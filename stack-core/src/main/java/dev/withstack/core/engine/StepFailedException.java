package dev.withstack.core.engine;

import dev.withstack.core.plan.PlannedStep;

/** Thrown within the engine at the first step that fails. */
final class StepFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient PlannedStep step;
    private final transient StepFailure failure;

    StepFailedException(PlannedStep step, StepFailure failure) {
        super(step.step().text());
        this.step = step;
        this.failure = failure;
        if (failure instanceof StepFailure.Broken broken) {
            initCause(broken.cause());
        }
    }

    PlannedStep step() {
        return step;
    }

    StepFailure failure() {
        return failure;
    }
}
