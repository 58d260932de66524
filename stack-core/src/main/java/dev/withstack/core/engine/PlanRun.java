package dev.withstack.core.engine;

import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.PostMortem.Memory;
import dev.withstack.core.health.Prober;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.NetworkAddresses;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.PlannedStep;
import dev.withstack.core.plan.Step;
import dev.withstack.core.plan.Step.AwaitReady;
import dev.withstack.core.plan.Step.CreateContainer;
import dev.withstack.core.plan.Step.StartContainer;
import dev.withstack.core.plan.Step.StopContainer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Carries a plan out: begins each step the moment the last one it waits for is done, and ends at the first failure.
 * Decides nothing. Used once, by one thread, which is also the one that tells the listener; the work is done by
 * {@link Workers}, which report back through one queue.
 */
final class PlanRun {
    private static final Duration LONGEST_WIND_DOWN = Duration.ofSeconds(30);

    private final Driver driver;
    private final StackDefinition definition;
    private final Observed observed;
    private final Plan plan;
    private final StartOrder startOrder;
    private final Optional<Duration> patience;
    private final Workers workers;
    private final Clock clock;
    private final Consumer<StackEvent> listener;
    private final Secrets secrets;

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final Map<Integer, List<PlannedStep>> followers;
    private final Map<Integer, Instant> begun = new HashMap<>();
    private final Map<Integer, Instant> done = new HashMap<>();
    private final Map<Integer, Ongoing> running = new LinkedHashMap<>();
    private final Set<String> ready = new LinkedHashSet<>();
    private final Map<String, String> lastAnswers = new HashMap<>();
    private final Set<String> stopped = new HashSet<>();
    private final Set<String> outOfMemory = new HashSet<>();
    private final Set<Integer> cancelled = new HashSet<>();
    private final Instant beginning;

    PlanRun(
            Driver driver,
            StackDefinition definition,
            Observed observed,
            Plan plan,
            StartOrder startOrder,
            Optional<Duration> patience,
            Workers workers,
            Clock clock,
            Consumer<StackEvent> listener) {
        this.driver = driver;
        this.definition = definition;
        this.observed = observed;
        this.plan = plan;
        this.followers = followers(plan);
        this.startOrder = startOrder;
        this.patience = patience;
        this.workers = workers;
        this.clock = clock;
        this.listener = listener;
        this.secrets = new Secrets(definition);
        this.beginning = clock.instant();
    }

    /** What workers and the engine's event stream report to the run. */
    private sealed interface Signal {
        record Done(PlannedStep step) implements Signal {}

        record Failed(PlannedStep step, StepFailure failure) implements Signal {}

        record Progressed(PlannedStep step, String text) implements Signal {}

        record Answered(String service, String reason) implements Signal {}

        record Happened(ContainerEvent event) implements Signal {}

        record Abandoned() implements Signal {}
    }

    /**
     * Carry out the whole plan.
     *
     * @throws StepFailedException at the first failure, when nothing of this run goes on any more
     * @throws InterruptedException if the calling thread is interrupted; nothing of this run goes on any more
     */
    Timeline run() throws InterruptedException, StepFailedException {
        try {
            beginWhatCan(plan.steps());
            while (done.size() < plan.steps().size()) {
                handle(workers.await(signals));
            }
            return timeline();
        } catch (InterruptedException | StepFailedException | RuntimeException | Error e) {
            windDown();
            takeLateSignals(e);
            throw e;
        }
    }

    /** Return the services whose probes have said Ready in this run. */
    Set<String> ready() {
        return Set.copyOf(ready);
    }

    /** Return the services that this run has begun to create or to start. */
    Set<String> touched() {
        Set<String> services = new LinkedHashSet<>();
        for (PlannedStep planned : plan.steps()) {
            if (begun.containsKey(planned.number()) && planned.step() instanceof CreateContainer create) {
                services.add(create.service());
            } else if (begun.containsKey(planned.number()) && planned.step() instanceof StartContainer start) {
                services.add(start.service());
            }
        }
        return services;
    }

    /** Return the ids of the containers that this run has begun to stop. */
    Set<String> stopped() {
        return Set.copyOf(stopped);
    }

    /** Return whether all that was waited for is ready, and led to: there is no way back from there. */
    boolean isReady() {
        return plan.steps().stream()
                .filter(planned -> planned.step() instanceof AwaitReady || planned.step() instanceof Step.LeadTo)
                .map(PlannedStep::number)
                .allMatch(done::containsKey);
    }

    /** Return the services that have not been started because the run ended before. */
    Set<String> heldBack() {
        Set<String> services = new LinkedHashSet<>();
        for (PlannedStep planned : plan.steps()) {
            if (planned.step() instanceof StartContainer start && !begun.containsKey(planned.number())) {
                services.add(start.service());
            }
        }
        return services;
    }

    /** Take note of what happens to the containers; may be called by any thread. */
    void happened(ContainerEvent event) {
        signals.add(new Signal.Happened(event));
    }

    /** Let the run fail, as nobody works for it any more; may be called by any thread. */
    void abandon() {
        signals.add(new Signal.Abandoned());
    }

    private void handle(Signal signal) throws StepFailedException {
        if (signal instanceof Signal.Done completed) {
            complete(completed.step());
            beginWhatCan(followers.getOrDefault(completed.step().number(), List.of()));
        } else if (signal instanceof Signal.Failed failed) {
            running.remove(failed.step().number());
            throw new StepFailedException(failed.step(), failed.failure());
        } else if (signal instanceof Signal.Progressed progressed) {
            listener.accept(
                    new StackEvent.StepProgress(clock.instant(), progressed.step(), secrets.mask(progressed.text())));
        } else if (signal instanceof Signal.Answered answered) {
            lastAnswers.put(answered.service(), answered.reason());
            listener.accept(
                    new StackEvent.NotReady(clock.instant(), answered.service(), secrets.mask(answered.reason())));
        } else if (signal instanceof Signal.Happened happened) {
            judge(happened.event());
        } else if (signal instanceof Signal.Abandoned) {
            throw new StepFailedException(
                    anyOpenStep(),
                    new StepFailure.Broken(new IllegalStateException("The engine was closed meanwhile.")));
        }
    }

    private void complete(PlannedStep planned) {
        Instant now = clock.instant();
        markDone(planned, now);
        if (planned.step() instanceof AwaitReady await) {
            listener.accept(new StackEvent.Ready(now, await.service()));
        }
        listener.accept(new StackEvent.StepDone(
                now, planned, Duration.between(begun.getOrDefault(planned.number(), beginning), now)));
    }

    private void markDone(PlannedStep planned, Instant now) {
        running.remove(planned.number());
        done.put(planned.number(), now);
        if (planned.step() instanceof AwaitReady await) {
            ready.add(await.service());
        }
    }

    private static Map<Integer, List<PlannedStep>> followers(Plan plan) {
        Map<Integer, List<PlannedStep>> followers = new HashMap<>();
        plan.steps().forEach(planned -> planned.after().forEach(before -> followers
                .computeIfAbsent(before, unused -> new ArrayList<>())
                .add(planned)));
        return followers;
    }

    /** @param among those that may have waited for nothing else */
    private void beginWhatCan(List<PlannedStep> among) {
        for (PlannedStep planned : among) {
            boolean isStart = planned.step() instanceof StartContainer;
            if (!isStart
                    && !begun.containsKey(planned.number())
                    && done.keySet().containsAll(planned.after())) {
                begin(planned);
            }
        }
        startOrder.next(begun.keySet(), done.keySet()).forEach(this::begin);
    }

    private void begin(PlannedStep planned) {
        begun.put(planned.number(), clock.instant());
        if (planned.step() instanceof StopContainer stop) {
            stopped.add(stop.containerId());
        }
        listener.accept(new StackEvent.StepStarted(clock.instant(), planned));
        try {
            Ongoing work = planned.step() instanceof AwaitReady await
                    ? awaitReady(planned, definition.service(await.service()))
                    : workers.submit(() -> perform(planned));
            running.put(planned.number(), work);
        } catch (RuntimeException e) {
            signals.add(new Signal.Failed(planned, new StepFailure.Broken(e)));
        }
    }

    private Ongoing awaitReady(PlannedStep planned, Service service) {
        ReadinessWait wait = new ReadinessWait(
                service,
                driver.target(definition, service),
                new Prober(new NetworkAddresses(definition)),
                patience.orElse(service.patience()),
                workers,
                reason -> signals.add(new Signal.Answered(service.name(), reason)),
                failure -> signals.add(failure.<Signal>map(reason -> new Signal.Failed(planned, reason))
                        .orElseGet(() -> new Signal.Done(planned))));
        return startOf(service.name()).isPresent() ? wait.beginAfterStart() : wait.begin();
    }

    private void perform(PlannedStep planned) {
        try {
            driver.perform(
                    planned.step(), definition, observed, text -> signals.add(new Signal.Progressed(planned, text)));
            signals.add(new Signal.Done(planned));
        } catch (InterruptedException | RuntimeException | Error e) {
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
        if (event instanceof ContainerEvent.OutOfMemory exhausted) {
            outOfMemory.add(exhausted.containerId());
        }
        if (!(event instanceof ContainerEvent.Died died)
                || stopped.contains(died.containerId())
                || isOfAnother(died)
                || isCompletion(died)) {
            return;
        }
        for (PlannedStep planned : plan.steps()) {
            if (planned.step() instanceof AwaitReady await
                    && await.service().equals(died.service())
                    && isUnderWay(planned, await.service())) {
                throw new StepFailedException(planned, deathOf(died));
            }
        }
    }

    /** A service may have a container besides: the one that is replaced, or that is kept as the way back. */
    private boolean isOfAnother(ContainerEvent.Died died) {
        return Stream.concat(observed.aside().values().stream(), observed.kept().values().stream())
                        .anyMatch(container -> container.id().equals(died.containerId()))
                || begun.keySet().stream()
                        .map(number -> plan.steps().get(number - 1).step())
                        .anyMatch(step -> step instanceof Step.SetAside aside
                                && aside.containerId().equals(died.containerId()));
    }

    private boolean isCompletion(ContainerEvent.Died died) {
        Service service = definition.services().get(died.service());
        return service != null && service.isOneShot() && died.exitCode() == 0;
    }

    /** A service that nobody has begun to wait for may die of what is being done to those it needs. */
    private boolean isUnderWay(PlannedStep await, String service) {
        return begun.containsKey(await.number())
                || startOf(service)
                        .map(PlannedStep::number)
                        .map(begun::containsKey)
                        .orElse(false);
    }

    private Optional<PlannedStep> startOf(String service) {
        return plan.steps().stream()
                .filter(planned -> planned.step() instanceof StartContainer start
                        && start.service().equals(service))
                .findFirst();
    }

    private StepFailure deathOf(ContainerEvent.Died died) {
        boolean wasReady = ready.contains(died.service());
        return new StepFailure.Died(
                died.exitCode(),
                wasReady ? StepFailure.When.AFTER_READY : StepFailure.When.BEFORE_READY,
                wasReady ? "" : lastAnswers.getOrDefault(died.service(), ""),
                outOfMemory.contains(died.containerId()) ? Memory.EXHAUSTED : Memory.ENOUGH,
                died.at());
    }

    private PlannedStep anyOpenStep() {
        return plan.steps().stream()
                .filter(planned -> !done.containsKey(planned.number()))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Let nothing go on behind the caller's back: a container created after the roll-back would stay. What is asked
     * of the engine in one short call is let finish, as its result must be known; an interrupt waits for that too.
     */
    private void windDown() {
        for (PlannedStep planned : plan.steps()) {
            Ongoing work = running.get(planned.number());
            if (work != null && !isShortCall(planned.step())) {
                cancelled.add(planned.number());
                work.cancel();
            }
        }
        boolean wasInterrupted = false;
        long end = System.nanoTime() + LONGEST_WIND_DOWN.toNanos();
        for (Ongoing work : running.values()) {
            wasInterrupted |= awaitEnd(work, end);
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Return whether the thread was interrupted meanwhile. */
    private static boolean awaitEnd(Ongoing work, long end) {
        boolean wasInterrupted = false;
        while (true) {
            try {
                work.awaitEnd(Duration.ofNanos(end - System.nanoTime()));
                return wasInterrupted;
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
    }

    /** What had been done, or had failed, by the time that everything had ended. */
    private void takeLateSignals(Throwable primary) {
        for (Signal signal = signals.poll(); signal != null; signal = signals.poll()) {
            if (signal instanceof Signal.Done completed) {
                markDone(completed.step(), clock.instant());
            } else if (signal instanceof Signal.Failed failed
                    && !cancelled.contains(failed.step().number())) {
                primary.addSuppressed(new StepFailedException(failed.step(), failed.failure()));
            }
        }
    }

    private static boolean isShortCall(Step step) {
        return !(step instanceof AwaitReady
                || step instanceof Step.Drain
                || step instanceof Step.RunInside
                || step instanceof Step.PullImage
                || step instanceof Step.BuildImage
                || step instanceof Step.KeepInitialData
                || step instanceof Step.Prepare);
    }

    /** Return when each service was started and ready. */
    Timeline timeline() {
        Map<String, Timeline.Entry> entries = new LinkedHashMap<>();
        Instant last = beginning;
        for (PlannedStep planned : plan.steps()) {
            if (planned.step() instanceof AwaitReady await) {
                Instant readyAt = done.getOrDefault(planned.number(), beginning);
                PlannedStep first = startOf(await.service()).orElse(planned);
                Instant startedAt = begun.getOrDefault(first.number(), beginning);
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
        return startOf(service).isPresent()
                ? definition.service(service).dependencies().stream()
                        .filter(dependency -> dependency.condition() != Dependency.Condition.STARTED)
                        .map(Dependency::on)
                        .toList()
                : List.of();
    }
}
