package dev.withstack.core.engine;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Plan;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** Carries plans out with one driver. Thread-safe; closing it fails the runs that go on. */
final class Runs implements AutoCloseable {
    private final Driver driver;
    private final Workers workers;
    private final Clock clock;
    private final Set<PlanRun> going = ConcurrentHashMap.newKeySet();

    /** @param driver stays the caller's to close */
    Runs(Driver driver, Workers workers, Clock clock) {
        this.driver = driver;
        this.workers = workers;
        this.clock = clock;
    }

    Driver driver() {
        return driver;
    }

    Clock clock() {
        return clock;
    }

    /**
     * Prepare to carry out the plan.
     *
     * @param expected how long services took to become ready before
     * @param patience replaces each service's own patience, where given
     */
    PlanRun prepare(
            Plan plan,
            StackDefinition definition,
            Observed observed,
            Map<String, Duration> expected,
            Optional<Duration> patience,
            Consumer<StackEvent> listener) {
        StartOrder startOrder = new StartOrder(
                plan,
                definition,
                expected,
                StartOrder.atOnce(plan, Runtime.getRuntime().availableProcessors()));
        return new PlanRun(driver, definition, observed, plan, startOrder, patience, workers, clock, listener);
    }

    /** Carry out what was prepared. */
    Timeline follow(PlanRun run) throws InterruptedException, StepFailedException {
        going.add(run);
        try {
            return run.run();
        } finally {
            going.remove(run);
        }
    }

    /** Carry out a plan that is not taken back where it fails. */
    void carryOut(StackDefinition definition, Plan plan, Observed observed, Consumer<StackEvent> listener)
            throws InterruptedException {
        listener.accept(new StackEvent.Planned(clock.instant(), plan));
        PlanRun run = prepare(plan, definition, observed, Map.of(), Optional.empty(), listener);
        try {
            Timeline unused = follow(run);
        } catch (StepFailedException e) {
            throw new StartFailedException(new FailureReport(driver, definition, run.heldBack()).of(e), e);
        }
    }

    /** Look at the stack, and carry out what the planner makes of it: a plan that only takes away. */
    void takeAway(StackId id, Function<Observed, Plan> planner, Consumer<StackEvent> listener)
            throws InterruptedException {
        Observed observed = driver.observe(id);
        takeAway(id, planner.apply(observed), observed, listener);
    }

    /** Carry out a plan that only takes away, and so needs no definition. */
    void takeAway(StackId id, Plan plan, Observed observed, Consumer<StackEvent> listener) throws InterruptedException {
        StackDefinition nothing =
                StackDefinition.of(id.stack(), id.environment()).build().forRun(id.run());
        carryOut(nothing, plan, observed, listener);
    }

    @Override
    public void close() {
        workers.close();
        going.forEach(PlanRun::abandon);
    }
}
