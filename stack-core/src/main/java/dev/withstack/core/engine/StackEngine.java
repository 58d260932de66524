package dev.withstack.core.engine;

import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.model.VolumeMount;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.Planner;
import dev.withstack.core.plan.Step;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Brings stacks up and takes them down: observes, plans, and carries the plan out.
 *
 * <p>Thread-safe; changes to one stack happen one after the other, across processes too. A listener is called by the
 * thread that called the engine, and must be quick; what it throws ends the call, after taking back likewise.
 * Interrupting the calling thread takes back what the call had begun. Closing the engine closes its driver, fails the
 * calls that go on, and leaves the stacks as they are.
 */
public final class StackEngine implements AutoCloseable {
    /** A start costs the engine as much processor time as many a server's boot, and delays the boots under way. */
    private static final int STARTS_AT_ONCE = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private final Driver driver;
    private final Path stateDirectory;
    private final Clock clock;
    private final Workers workers;
    private final Set<PlanRun> runs = ConcurrentHashMap.newKeySet();

    /**
     * @param driver is closed with this engine
     * @param stateDirectory where locks and chosen ports are kept; created when needed
     */
    public StackEngine(Driver driver, Path stateDirectory, Clock clock) {
        this(driver, stateDirectory, clock, new PooledWorkers());
    }

    StackEngine(Driver driver, Path stateDirectory, Clock clock, Workers workers) {
        this.driver = driver;
        this.stateDirectory = stateDirectory;
        this.clock = clock;
        this.workers = workers;
    }

    public Driver driver() {
        return driver;
    }

    /**
     * Say what {@link #up} would do, without doing it.
     *
     * @throws dev.withstack.core.plan.PlanRefusedException if it could only fail or do harm
     */
    public Plan plan(StackDefinition definition, Selection selection, UpOptions options) {
        return new Up(definition, selection, options, event -> {}).plan();
    }

    /**
     * Bring the selected services up and wait until they are ready. What is as it should be is left alone.
     *
     * @return the running stack; closing it leaves it running
     * @throws StartFailedException if a service fails, after taking back what this call had begun
     * @throws dev.withstack.core.plan.PlanRefusedException if it could only fail or do harm; nothing was touched
     * @throws StackInterruptedException if the calling thread is interrupted, after taking back likewise
     */
    public RunningStack up(
            StackDefinition definition, Selection selection, UpOptions options, Consumer<StackEvent> listener) {
        try {
            return locked(definition.id(), listener, () -> new Up(definition, selection, options, listener).run());
        } catch (InterruptedException e) {
            throw StackInterruptedException.duringStart(e, options.onFailure());
        }
    }

    /** Stop the services, dependants first; none named means all. They can be started again as they were. */
    public void stop(StackId id, Collection<String> services, Consumer<StackEvent> listener) {
        changeByLabels(id, listener, observed -> Planner.stop(observed, services), AndThen.KEEP_PORTS);
    }

    /** Stop and remove the services' containers; none named means all, with the network. Volumes stay. */
    public void down(StackId id, Collection<String> services, Consumer<StackEvent> listener) {
        changeByLabels(
                id,
                listener,
                observed -> Planner.down(id, observed, services, List.of()),
                services.isEmpty() ? AndThen.FORGET_PORTS : AndThen.KEEP_PORTS);
    }

    /** Stop and remove everything that the stack has on the host: containers, network, and the volumes with their data. */
    public void destroy(StackId id, Consumer<StackEvent> listener) {
        changeByLabels(
                id,
                listener,
                observed -> Planner.down(id, observed, List.of(), ownVolumes(id, observed)),
                AndThen.FORGET_PORTS);
        if (!id.run().isEmpty()) {
            // nobody comes back to a run that is gone
            StackLock.forget(stateDirectory, id.prefix());
        }
    }

    /** Destroy the runs that were left behind by processes which ended without taking them down. */
    public void sweep(Consumer<StackEvent> listener) {
        for (StackId id : driver.leftBehind()) {
            listener.accept(new StackEvent.Notice(
                    clock.instant(), "Removing " + id + ", whose process has ended without doing so."));
            destroy(id, event -> {});
        }
    }

    /** Stop the services and bring them up again, in the order of the graph. */
    public RunningStack restart(
            StackDefinition definition, Selection selection, UpOptions options, Consumer<StackEvent> listener) {
        try {
            return locked(definition.id(), listener, () -> {
                Observed observed = driver.observe(definition.id());
                carryOut(definition.id(), Planner.stop(observed, selection.names(definition)), observed, listener);
                runAgain(definition, selection, listener);
                return new Up(definition, selection, options, listener).run();
            });
        } catch (InterruptedException e) {
            throw StackInterruptedException.duringStart(e, options.onFailure());
        }
    }

    /** What has run to its end is left alone by a start, but not when a restart names it. */
    private void runAgain(StackDefinition definition, Selection selection, Consumer<StackEvent> listener)
            throws InterruptedException {
        List<String> oneShots = selection.named().stream()
                .filter(name -> definition.service(name).isOneShot())
                .toList();
        if (!oneShots.isEmpty()) {
            Observed observed = driver.observe(definition.id());
            carryOut(definition.id(), Planner.remove(observed, oneShots, List.of()), observed, listener);
        }
    }

    /** Return the volumes that {@link #reset} would remove, with their data: those that were made for this stack. */
    public List<String> volumesOf(StackDefinition definition, Collection<String> services) {
        return volumesOf(definition, services, driver.observe(definition.id()));
    }

    private static List<String> volumesOf(StackDefinition definition, Collection<String> services, Observed observed) {
        Set<String> names = new LinkedHashSet<>();
        for (Service service : definition.services().values()) {
            if (services.isEmpty() || services.contains(service.name())) {
                for (VolumeMount mount : service.volumes()) {
                    names.add(mount.nameIn(definition.id()));
                }
            }
        }
        names.retainAll(ownVolumes(definition.id(), observed));
        return List.copyOf(names);
    }

    /**
     * Remove the services' containers and volumes with all their data, and bring up again those that were running.
     *
     * @param services none named means all
     */
    public void reset(
            StackDefinition definition, Collection<String> services, UpOptions options, Consumer<StackEvent> listener) {
        StackId id = definition.id();
        try {
            boolean unused = locked(id, listener, () -> {
                Observed observed = driver.observe(id);
                List<String> wereRunning = observed.containers().values().stream()
                        .filter(container ->
                                container.isRunning() || container.state() == Observed.State.COMPLETED)
                        .map(Observed.Container::service)
                        .filter(definition.services()::containsKey)
                        .toList();
                Plan removal = Planner.down(id, observed, services, volumesOf(definition, services, observed));
                carryOut(id, removal, observed, listener);
                if (!wereRunning.isEmpty()) {
                    new Up(definition, new Selection.WithNeeds(wereRunning), options, listener).run();
                }
                return true;
            });
        } catch (InterruptedException e) {
            throw StackInterruptedException.duringStart(e, options.onFailure());
        }
    }

    /** Return a handle on the stack as it is, without changing anything. */
    public RunningStack attach(StackDefinition definition) {
        StackDefinition recalled = new PortMemory(stateDirectory, definition.id()).recall(definition);
        return new RunningStack(recalled, driver, this, new Timeline(Map.of(), Duration.ZERO), new WhenClosed.Leave());
    }

    @Override
    public void close() {
        workers.close();
        runs.forEach(PlanRun::abandon);
        driver.close();
    }

    /** What becomes of a stack when its handle is closed. */
    sealed interface WhenClosed {
        record Leave() implements WhenClosed {}

        record TakeDown(List<String> allBut) implements WhenClosed {}

        record Destroy() implements WhenClosed {}
    }

    Clock clock() {
        return clock;
    }

    /** A change to one stack. */
    private interface Change<T> {
        T make() throws InterruptedException;
    }

    /** Make the change while nobody else changes the stack. */
    private <T> T locked(StackId id, Consumer<StackEvent> listener, Change<T> change) throws InterruptedException {
        try (StackLock lock = lock(id, listener)) {
            return change.make();
        } catch (DriverException e) {
            // a call that an interrupt ended leaves the thread's flag set
            if (Thread.interrupted()) {
                InterruptedException interrupted = new InterruptedException(e.getMessage());
                interrupted.initCause(e);
                for (Throwable suppressed : e.getSuppressed()) {
                    interrupted.addSuppressed(suppressed);
                }
                throw interrupted;
            }
            throw e;
        }
    }

    private StackLock lock(StackId id, Consumer<StackEvent> listener) throws InterruptedException {
        return StackLock.take(
                stateDirectory,
                id.prefix(),
                "pid " + ProcessHandle.current().pid(),
                holder -> listener.accept(new StackEvent.Notice(
                        clock.instant(), "Waiting for " + holder + ", which is changing " + id + " just now.")));
    }

    /** What becomes of the ports that {@code --auto-ports} chose. */
    private enum AndThen {
        KEEP_PORTS,
        FORGET_PORTS
    }

    private void changeByLabels(
            StackId id, Consumer<StackEvent> listener, Function<Observed, Plan> planner, AndThen andThen) {
        try {
            boolean unused = locked(id, listener, () -> {
                Observed observed = driver.observe(id);
                carryOut(id, planner.apply(observed), observed, listener);
                if (andThen == AndThen.FORGET_PORTS) {
                    new PortMemory(stateDirectory, id).forget();
                }
                return true;
            });
        } catch (InterruptedException e) {
            throw StackInterruptedException.duringChange(e);
        }
    }

    /** Carry out a plan that only takes away, and so needs no definition. */
    private void carryOut(StackId id, Plan plan, Observed observed, Consumer<StackEvent> listener)
            throws InterruptedException {
        StackDefinition nothing =
                StackDefinition.of(id.stack(), id.environment()).build().forRun(id.run());
        listener.accept(new StackEvent.Planned(clock.instant(), plan));
        try {
            StartOrder nothingStarts = new StartOrder(plan, nothing, Map.of(), STARTS_AT_ONCE);
            follow(new PlanRun(
                    driver, nothing, observed, plan, nothingStarts, Optional.empty(), workers, clock, listener));
        } catch (StepFailedException e) {
            throw new StartFailedException(new FailureReport(driver, nothing, Set.of()).of(e), e);
        }
    }

    /** Carry out the run, so that closing the engine ends it. */
    private Timeline follow(PlanRun run) throws InterruptedException, StepFailedException {
        runs.add(run);
        try {
            return run.run();
        } finally {
            runs.remove(run);
        }
    }

    private static List<String> ownVolumes(StackId id, Observed observed) {
        return observed.volumes().values().stream()
                .filter(volume -> volume.owner().equals(Planner.ownerOf(id)))
                .map(Observed.Volume::name)
                .toList();
    }

    private Observed observe(StackDefinition definition, Selection selection, UpOptions options) {
        Observed observed = driver.observe(definition, servicesOf(definition, selection));
        return options.volumes() == UpOptions.Volumes.ADOPTED ? adopting(definition.id(), observed) : observed;
    }

    private static Set<String> servicesOf(StackDefinition definition, Selection selection) {
        return selection instanceof Selection.Only
                ? new LinkedHashSet<>(selection.names(definition))
                : definition.closure(selection.names(definition));
    }

    private static Observed adopting(StackId id, Observed observed) {
        Map<String, Observed.Volume> adopted = new LinkedHashMap<>();
        observed.volumes()
                .forEach((name, volume) -> adopted.put(
                        name,
                        volume.owner().isEmpty()
                                ? new Observed.Volume(name, Planner.ownerOf(id), volume.lineage())
                                : volume));
        return new Observed(
                observed.containers(), observed.networks(), adopted, observed.images(), observed.portOwners());
    }

    private static Plan planFor(StackDefinition definition, Selection selection, Observed observed) {
        List<String> names = selection.names(definition);
        return selection instanceof Selection.Only
                ? Planner.upOnly(definition, names, observed)
                : Planner.up(definition, names, observed);
    }

    /** One start, from the first look to the last probe. Used under the stack's lock. */
    private final class Up {
        private final Selection selection;
        private final UpOptions options;
        private final Consumer<StackEvent> listener;
        private final PortMemory ports;
        private final BootMemory boots;
        private final StackDefinition asked;
        private StackDefinition definition;

        Up(StackDefinition definition, Selection selection, UpOptions options, Consumer<StackEvent> listener) {
            this.selection = selection;
            this.options = options;
            this.listener = listener;
            this.ports = new PortMemory(stateDirectory, definition.id());
            this.boots = new BootMemory(stateDirectory, definition.id());
            this.asked = definition;
            this.definition = driver.settled(ports.recall(definition), servicesOf(definition, selection));
        }

        /** Return what {@link #run} would do, without remembering what ports would be chosen. */
        Plan plan() {
            Observed observed = observe(definition, selection, options);
            if (mustAvoidPorts(observed)) {
                definition = ports.avoid(definition, observed.portOwners().keySet(), driver);
                observed = observe(definition, selection, options);
            }
            return planFor(definition, selection, observed);
        }

        RunningStack run() throws InterruptedException {
            try {
                return bringUp();
            } catch (InterruptedException | RuntimeException e) {
                if (options.onFailure() == UpOptions.OnFailure.ROLL_BACK) {
                    ports.takeBack();
                }
                throw e;
            }
        }

        private RunningStack bringUp() throws InterruptedException {
            Observed observed = look();
            Plan plan = planFor(definition, selection, observed);
            if (!plan.images().steps().isEmpty()) {
                getImages(plan, observed);
                observed = look();
                plan = planFor(definition, selection, observed);
            }
            listener.accept(new StackEvent.Planned(clock.instant(), plan));
            Timeline timeline = start(plan, observed);
            boots.learn(timeline, plan);
            listener.accept(new StackEvent.Finished(clock.instant(), timeline));
            return new RunningStack(definition, driver, StackEngine.this, timeline, new WhenClosed.Leave());
        }

        private Observed look() {
            Observed observed = observe(definition, selection, options);
            if (mustAvoidPorts(observed)) {
                definition = ports.avoid(definition, observed.portOwners().keySet(), driver);
                ports.remember(asked, definition);
                return observe(definition, selection, options);
            }
            return observed;
        }

        private boolean mustAvoidPorts(Observed observed) {
            return options.ports() == UpOptions.Ports.NEXT_FREE
                    && !observed.portOwners().isEmpty();
        }

        private void getImages(Plan plan, Observed observed) throws InterruptedException {
            Plan images = plan.images();
            listener.accept(new StackEvent.Planned(clock.instant(), images));
            PlanRun run = newRun(images, observed);
            try {
                follow(run);
            } catch (StepFailedException e) {
                throw told(failureOf(e, newRun(plan, observed)));
            }
        }

        private Timeline start(Plan plan, Observed before) throws InterruptedException {
            PlanRun run = newRun(plan, before);
            try (Driver.Watch watch = driver.watch(definition.id(), run::happened)) {
                return follow(run);
            } catch (StepFailedException e) {
                StartFailedException failure = told(failureOf(e, run));
                takeBack(before, run, failure);
                throw failure;
            } catch (InterruptedException | RuntimeException | Error e) {
                takeBack(before, run, e);
                throw e;
            }
        }

        private PlanRun newRun(Plan plan, Observed observed) {
            StartOrder startOrder = new StartOrder(plan, definition, boots.recall(), STARTS_AT_ONCE);
            return new PlanRun(
                    driver, definition, observed, plan, startOrder, options.patience(), workers, clock, listener);
        }

        private StartFailedException failureOf(StepFailedException failure, PlanRun run) {
            Diagnosis diagnosis = new FailureReport(driver, definition, run.heldBack()).of(failure);
            return new StartFailedException(diagnosis, failure);
        }

        /** Tell the listener; what it throws must not keep us from taking back. */
        private StartFailedException told(StartFailedException failure) {
            try {
                listener.accept(new StackEvent.Failed(clock.instant(), failure.diagnosis()));
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
            return failure;
        }

        private void takeBack(Observed before, PlanRun run, Throwable failure) {
            if (options.onFailure() == UpOptions.OnFailure.KEEP) {
                return;
            }
            // an interrupt that came while the run wound down is no reason to leave half of it
            boolean wasInterrupted = Thread.interrupted();
            try {
                new TakeBack(before, run.ready(), run.touched()).run(failure);
            } finally {
                if (wasInterrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        /**
         * Takes back what this start began, by comparing what is there with what was there before, of the services that
         * it has touched: containers that are new go, those that only were started are stopped, and new volumes go
         * whose services never became ready, as they may be half initialised. What fails does not keep the rest from
         * being taken back.
         */
        private final class TakeBack {
            private final Observed before;
            private final Set<String> ready;
            private final Set<String> touched;

            TakeBack(Observed before, Set<String> ready, Set<String> touched) {
                this.before = before;
                this.ready = ready;
                this.touched = touched;
            }

            void run(Throwable failure) {
                Observed after;
                try {
                    after = driver.observe(definition.id());
                } catch (RuntimeException e) {
                    failure.addSuppressed(e);
                    return;
                }
                List<String> started = services(after, this::wasOnlyStarted);
                List<String> created = services(after, this::wasCreated);
                if (!started.isEmpty()) {
                    attempt(failure, Planner.stop(after, started), after);
                }
                List<String> volumes = halfMadeVolumes(after);
                if (!created.isEmpty() || !volumes.isEmpty()) {
                    attempt(failure, Planner.remove(after, created, volumes), after);
                }
                unusedNewNetworks(after, created).forEach(network -> removeNetwork(failure, network, after));
                List<String> takenBack = new ArrayList<>(created);
                takenBack.addAll(started);
                try {
                    listener.accept(new StackEvent.RolledBack(clock.instant(), takenBack));
                } catch (RuntimeException e) {
                    failure.addSuppressed(e);
                }
            }

            private List<String> services(Observed after, Predicate<Observed.Container> filter) {
                return after.containers().values().stream()
                        .filter(container -> touched.contains(container.service()))
                        .filter(filter)
                        .map(Observed.Container::service)
                        .toList();
            }

            private boolean wasCreated(Observed.Container container) {
                Observed.Container earlier = before.containers().get(container.service());
                return earlier == null || !earlier.id().equals(container.id());
            }

            private boolean wasOnlyStarted(Observed.Container container) {
                Observed.Container earlier = before.containers().get(container.service());
                return earlier != null && earlier.id().equals(container.id()) && isUp(container) && !isUp(earlier);
            }

            private boolean isUp(Observed.Container container) {
                return container.state() == Observed.State.RUNNING || container.state() == Observed.State.RESTARTING;
            }

            private void attempt(Throwable failure, Plan plan, Observed after) {
                try {
                    carryOut(definition.id(), plan, after, event -> {});
                } catch (RuntimeException | InterruptedException e) {
                    failure.addSuppressed(e);
                }
            }

            private List<String> unusedNewNetworks(Observed after, List<String> removed) {
                return after.networks().stream()
                        .filter(network -> !before.networks().contains(network))
                        .filter(network -> after.containers().values().stream()
                                .allMatch(container -> removed.contains(container.service())
                                        || !container.networks().contains(network)))
                        .toList();
            }

            private void removeNetwork(Throwable failure, String network, Observed after) {
                try {
                    driver.perform(new Step.RemoveNetwork(network), definition, after, text -> {});
                } catch (RuntimeException | InterruptedException e) {
                    failure.addSuppressed(e);
                }
            }

            private List<String> halfMadeVolumes(Observed after) {
                Set<String> used = new LinkedHashSet<>();
                Set<String> whole = new LinkedHashSet<>();
                for (Service service : definition.services().values()) {
                    for (VolumeMount mount : service.volumes()) {
                        String name = mount.nameIn(definition.id());
                        (ready.contains(service.name()) ? whole : used).add(name);
                    }
                }
                used.removeAll(whole);
                used.removeAll(before.volumes().keySet());
                used.retainAll(after.volumes().keySet());
                return List.copyOf(used);
            }
        }
    }
}
