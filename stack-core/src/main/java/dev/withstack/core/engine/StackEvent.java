package dev.withstack.core.engine;

import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.PlannedStep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What happens while a plan is carried out, in the order in which it happens. All renderings are made from these. */
public sealed interface StackEvent {

    Instant at();

    /** A plan was made; its steps follow. */
    record Planned(Instant at, Plan plan) implements StackEvent {}

    /** A step has begun. */
    record StepStarted(Instant at, PlannedStep step) implements StackEvent {}

    /** A long step tells how it goes on. */
    record StepProgress(Instant at, PlannedStep step, String text) implements StackEvent {}

    /** A step is done. */
    record StepDone(Instant at, PlannedStep step, Duration took) implements StackEvent {}

    /** A service is started but not ready, for this reason; told when the reason changes. */
    record NotReady(Instant at, String service, String reason) implements StackEvent {}

    /** A service is ready. */
    record Ready(Instant at, String service) implements StackEvent {}

    /** Something that a person should know. */
    record Notice(Instant at, String text) implements StackEvent {}

    /** A service failed; what was begun is about to be rolled back. */
    record Failed(Instant at, Diagnosis diagnosis) implements StackEvent {}

    /**
     * What this run had begun is gone again.
     *
     * @param services whose containers were removed or stopped
     * @param broughtBack whose earlier containers took their place again
     */
    record RolledBack(Instant at, List<String> services, List<String> broughtBack) implements StackEvent {}

    /** A service that had become unhealthy or died was restarted by whoever watches the stack. */
    record Restarted(Instant at, String service, String cause, int attempt) implements StackEvent {}

    /** All steps of an {@code up} are done. */
    record Finished(Instant at, Timeline timeline) implements StackEvent {}
}
