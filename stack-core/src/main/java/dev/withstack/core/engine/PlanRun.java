package dev.withstack.core.engine;

import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.PlannedStep;
import dev.withstack.core.plan.Step;
import dev.withstack.core.plan.Step.AwaitReady;
import dev.withstack.core.plan.Step.StartContainer;
import dev.withstack.core.plan.Step.StopContainer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Carries a plan out: begins each step the moment the last one it waits for is done, and ends at the first failure.
 * Decides nothing. Used once, by one thread; the work is done on the threads of {@link Workers}, which report back
 * through one queue.
 */
final class PlanRun {
    private static final Duration LONGEST_WIND_DOWN = Duration.ofSeconds(30);

    private final Driver driver;
    private final StackDefinition definition;
    private final Observed observed;
    private final Plan plan;
    private final Optional<Duration> patience;
    private final Workers workers;
    private final Clock clock;
    private final Consumer<StackEvent> listener;

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final Map<Integer, Instant> begun = new HashMap<>();
    private final Map<Integer, Instant> done = new HashMap<>();
    private final Map<Integer, Future<?>> running = new LinkedHashMap<>();
    private final Set<String> ready = new LinkedHashSet<>();
    private final Set<String> replaced = new HashSet<>();
    private final Instant beginning;

    PlanRun(
            Driver driver,
            StackDefinition definition,
            Observed observed,
            Plan plan,
            Optional<Duration> patience,
            Workers workers,
            Clock clock,
            Consumer<StackEvent> listener) {
        this.driver = driver;
        this.definition = definition;
        this.observed = observed;
        this.plan = plan;
        this.patience = patience;
        this.workers = workers;
        this.clock = clock;
        this.listener = listener;
        this.beginning = clock.instant();
    }

    /** What workers and the engine's event stream report to the run. */
    private sealed interface Signal {
        record Done(PlannedStep step) implements Signal {}

        record Failed(PlannedStep step, StepFailure failure) implements Signal {}

        record Happened(ContainerEvent event) implements Signal {}
    }

    /**
     * Carry out the whole plan.
     *
     * @throws StepFailedException at the first failure, when nothing of this run goes on any more
     * @throws InterruptedException if the calling thread is interrupted; nothing of this run goes on any more
     */
    Timeline run() throws InterruptedException, StepFailedException {
        try {
            beginWhatCan();
            while (done.size() < plan.steps().size()) {
                handle(signals.take());
            }
            return timeline();
        } finally {
            windDown();
        }
    }

    /** Return the services whose probes have said Ready in this run. */
    Set<String> ready() {
        return Set.copyOf(ready);
    }

    /** Take note of what happens to the containers; may be called by any thread. */
    void happened(ContainerEvent event) {
        signals.add(new Signal.Happened(event));
    }

    private void handle(Signal signal) throws StepFailedException {
        if (signal instanceof Signal.Done completed) {
            complete(completed.step());
            beginWhatCan();
        } else if (signal instanceof Signal.Failed failed) {
            running.remove(failed.step().number());
            throw new StepFailedException(failed.step(), failed.failure());
        } else if (signal instanceof Signal.Happened happened) {
            judge(happened.event());
        }
    }

    private void complete(PlannedStep planned) {
        Instant now = clock.instant();
        running.remove(planned.number());
        done.put(planned.number(), now);
        if (planned.step() instanceof AwaitReady await) {
            ready.add(await.service());
            listener.accept(new StackEvent.Ready(now, await.service()));
        }
        listener.accept(new StackEvent.StepDone(
                now, planned, Duration.between(begun.getOrDefault(planned.number(), beginning), now)));
    }

    private void beginWhatCan() {
        for (PlannedStep planned : plan.steps()) {
            if (!begun.containsKey(planned.number()) && done.keySet().containsAll(planned.after())) {
                begun.put(planned.number(), clock.instant());
                if (planned.step() instanceof StopContainer stop) {
                    replaced.add(stop.containerId());
                }
                listener.accept(new StackEvent.StepStarted(clock.instant(), planned));
                running.put(planned.number(), begin(planned));
            }
        }
    }

    private Future<?> begin(PlannedStep planned) {
        if (planned.step() instanceof AwaitReady await) {
            Service service = definition.service(await.service());
            return new ReadinessWait(
                            service,
                            driver.target(definition, service),
                            definition,
                            patience.orElse(service.patience()),
                            workers,
                            clock,
                            reason -> listener.accept(new StackEvent.NotReady(clock.instant(), service.name(), reason)),
                            failure -> signals.add(failure.<Signal>map(reason -> new Signal.Failed(planned, reason))
                                    .orElseGet(() -> new Signal.Done(planned))))
                    .begin();
        }
        return workers.submit(() -> perform(planned));
    }

    private void perform(PlannedStep planned) {
        try {
            driver.perform(
                    planned.step(),
                    definition,
                    observed,
                    text -> listener.accept(new StackEvent.StepProgress(clock.instant(), planned, text)));
            signals.add(new Signal.Done(planned));
        } catch (InterruptedException e) {
            signals.add(new Signal.Failed(planned, new StepFailure.Broken(e)));
        } catch (RuntimeException | Error e) {
            signals.add(new Signal.Failed(planned, new StepFailure.Broken(e)));
        }
    }

    /** A container of this run that dies fails it at once: whoever waits for it would wait in vain. */
    private void judge(ContainerEvent event) throws StepFailedException {
        if (event instanceof ContainerEvent.WatchLost lost) {
            throw new StepFailedException(
                    anyOpenStep(),
                    new StepFailure.Broken(
                            new IllegalStateException("The connection to the engine was lost: " + lost.reason())));
        }
        if (!(event instanceof ContainerEvent.Died died) || replaced.contains(died.containerId())) {
            return;
        }
        for (PlannedStep planned : plan.steps()) {
            boolean isOurs = planned.step() instanceof AwaitReady await
                    && await.service().equals(died.service());
            if (isOurs && hasBegunStart(planned)) {
                throw new StepFailedException(
                        planned,
                        new StepFailure.Died(
                                died.exitCode(),
                                ready.contains(died.service())
                                        ? StepFailure.When.AFTER_READY
                                        : StepFailure.When.BEFORE_READY));
            }
        }
    }

    private boolean hasBegunStart(PlannedStep await) {
        return await.after().isEmpty() || begun.keySet().containsAll(await.after());
    }

    private PlannedStep anyOpenStep() {
        return plan.steps().stream()
                .filter(planned -> !done.containsKey(planned.number()))
                .findFirst()
                .orElseThrow();
    }

    /** Let nothing go on behind the caller's back: a container created after the roll-back would stay. */
    private void windDown() {
        for (PlannedStep planned : plan.steps()) {
            Future<?> future = running.get(planned.number());
            // a create or start is a short call whose result must be known; it is let finish
            if (future != null && !isShortCall(planned.step())) {
                future.cancel(true);
            }
        }
        Instant end = clock.instant().plus(LONGEST_WIND_DOWN);
        for (Map.Entry<Integer, Future<?>> entry : running.entrySet()) {
            Workers.awaitQuietly(entry.getValue(), Duration.between(clock.instant(), end));
        }
    }

    private static boolean isShortCall(Step step) {
        return !(step instanceof AwaitReady || step instanceof Step.PullImage || step instanceof Step.BuildImage);
    }

    private Timeline timeline() {
        Map<String, Timeline.Entry> entries = new LinkedHashMap<>();
        Instant last = beginning;
        for (PlannedStep planned : plan.steps()) {
            if (planned.step() instanceof AwaitReady await) {
                Instant readyAt = done.getOrDefault(planned.number(), beginning);
                Instant startedAt = planned.after().stream()
                        .map(begun::get)
                        .filter(java.util.Objects::nonNull)
                        .min(Instant::compareTo)
                        .orElse(begun.getOrDefault(planned.number(), beginning));
                entries.put(
                        await.service(),
                        new Timeline.Entry(
                                await.service(),
                                waitedFor(await.service()),
                                Duration.between(beginning, startedAt),
                                Duration.between(beginning, readyAt)));
                last = readyAt.isAfter(last) ? readyAt : last;
            }
        }
        return new Timeline(entries, Duration.between(beginning, last));
    }

    private List<String> waitedFor(String service) {
        boolean wasStarted = plan.steps().stream()
                .anyMatch(planned -> planned.step() instanceof StartContainer start
                        && start.service().equals(service));
        return wasStarted
                ? definition.service(service).dependencies().stream()
                        .map(Dependency::on)
                        .toList()
                : List.of();
    }
}
