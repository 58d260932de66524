package dev.withstack.core.engine;

import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.driver.Driver;
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
import java.util.function.Consumer;

/**
 * Brings stacks up and takes them down: observes, plans, and carries the plan out.
 *
 * <p>Thread-safe; changes to one stack happen one after the other, across processes too. Listeners are called from
 * several threads, and must be quick. Interrupting the calling thread takes back what the call had begun. Closing the
 * engine closes its driver and leaves the stacks as they are.
 */
public final class StackEngine implements AutoCloseable {
    private final Driver driver;
    private final Path stateDirectory;
    private final Clock clock;
    private final Workers workers = new Workers();

    /**
     * @param driver is closed with this engine
     * @param stateDirectory where locks and chosen ports are kept; created when needed
     */
    public StackEngine(Driver driver, Path stateDirectory, Clock clock) {
        this.driver = driver;
        this.stateDirectory = stateDirectory;
        this.clock = clock;
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
        StackDefinition recalled = new PortMemory(stateDirectory, definition.id()).recall(definition);
        return planFor(recalled, selection, observe(recalled, selection, options));
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
        try (StackLock lock = lock(definition.id(), listener)) {
            return new Up(definition, selection, options, listener).run();
        } catch (InterruptedException e) {
            throw new StackInterruptedException(e);
        }
    }

    /** Stop the services, dependants first; none named means all. They can be started again as they were. */
    public void stop(StackId id, Collection<String> services, Consumer<StackEvent> listener) {
        changeByLabels(id, listener, observed -> Planner.stop(observed, services));
    }

    /** Stop and remove the services' containers; none named means all, with the network. Volumes stay. */
    public void down(StackId id, Collection<String> services, Consumer<StackEvent> listener) {
        changeByLabels(id, listener, observed -> Planner.down(id, observed, services, List.of()));
        if (services.isEmpty()) {
            new PortMemory(stateDirectory, id).forget();
        }
    }

    /** Stop and remove everything that the stack has on the host: containers, network, and the volumes with their data. */
    public void destroy(StackId id, Consumer<StackEvent> listener) {
        changeByLabels(id, listener, observed -> Planner.down(id, observed, List.of(), ownVolumes(id, observed)));
        new PortMemory(stateDirectory, id).forget();
    }

    /** Stop the services and bring them up again, in the order of the graph. */
    public RunningStack restart(
            StackDefinition definition, Selection selection, UpOptions options, Consumer<StackEvent> listener) {
        try (StackLock lock = lock(definition.id(), listener)) {
            Observed observed = driver.observe(definition.id());
            carryOut(definition.id(), Planner.stop(observed, selection.names(definition)), observed, listener);
            return new Up(definition, selection, options, listener).run();
        } catch (InterruptedException e) {
            throw new StackInterruptedException(e);
        }
    }

    /** Return the volumes that {@link #reset} would remove, with their data. */
    public List<String> volumesOf(StackDefinition definition, Collection<String> services) {
        Set<String> existing = driver.observe(definition.id()).volumes().keySet();
        Set<String> names = new LinkedHashSet<>();
        for (Service service : definition.services().values()) {
            if (services.isEmpty() || services.contains(service.name())) {
                for (VolumeMount mount : service.volumes()) {
                    names.add(definition.id().volumeName(mount.volume()));
                }
            }
        }
        names.retainAll(existing);
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
        try (StackLock lock = lock(id, listener)) {
            Observed observed = driver.observe(id);
            List<String> wereRunning = observed.containers().values().stream()
                    .filter(Observed.Container::isRunning)
                    .map(Observed.Container::service)
                    .filter(definition.services()::containsKey)
                    .toList();
            Plan removal = Planner.down(id, observed, services, volumesOf(definition, services));
            carryOut(id, removal, observed, listener);
            if (!wereRunning.isEmpty()) {
                new Up(definition, new Selection.WithNeeds(wereRunning), options, listener).run();
            }
        } catch (InterruptedException e) {
            throw new StackInterruptedException(e);
        }
    }

    /** Return a handle on the stack as it is, without changing anything. */
    public RunningStack attach(StackDefinition definition) {
        StackDefinition recalled = new PortMemory(stateDirectory, definition.id()).recall(definition);
        return new RunningStack(recalled, driver, this, new Timeline(Map.of(), Duration.ZERO), WhenClosed.LEAVE);
    }

    @Override
    public void close() {
        workers.close();
        driver.close();
    }

    /** What becomes of a stack when its handle is closed. */
    enum WhenClosed {
        LEAVE,
        DESTROY
    }

    Workers workers() {
        return workers;
    }

    Clock clock() {
        return clock;
    }

    private StackLock lock(StackId id, Consumer<StackEvent> listener) throws InterruptedException {
        return StackLock.take(
                stateDirectory,
                id.prefix(),
                "pid " + ProcessHandle.current().pid(),
                holder -> listener.accept(new StackEvent.Notice(
                        clock.instant(), "Waiting for " + holder + ", which is changing " + id + " just now.")));
    }

    private void changeByLabels(
            StackId id, Consumer<StackEvent> listener, java.util.function.Function<Observed, Plan> planner) {
        try (StackLock lock = lock(id, listener)) {
            Observed observed = driver.observe(id);
            carryOut(id, planner.apply(observed), observed, listener);
        } catch (InterruptedException e) {
            throw new StackInterruptedException(e);
        }
    }

    /** Carry out a plan that only takes away, and so needs no definition. */
    private void carryOut(StackId id, Plan plan, Observed observed, Consumer<StackEvent> listener)
            throws InterruptedException {
        StackDefinition nothing =
                StackDefinition.of(id.stack(), id.environment()).build().forRun(id.run());
        listener.accept(new StackEvent.Planned(clock.instant(), plan));
        try {
            new PlanRun(driver, nothing, observed, plan, Optional.empty(), workers, clock, listener).run();
        } catch (StepFailedException e) {
            throw new StartFailedException(new FailureReport(driver, nothing, Set.of()).of(e), e);
        }
    }

    private static List<String> ownVolumes(StackId id, Observed observed) {
        String owner = id.stack() + "/" + id.environment().id();
        return observed.volumes().values().stream()
                .filter(volume -> volume.owner().equals(owner))
                .map(Observed.Volume::name)
                .toList();
    }

    private Observed observe(StackDefinition definition, Selection selection, UpOptions options) {
        Set<String> services = selection instanceof Selection.Only
                ? new LinkedHashSet<>(selection.names(definition))
                : definition.graph().closure(selection.names(definition));
        Observed observed = driver.observe(definition, services);
        return options.volumes() == UpOptions.Volumes.ADOPTED ? adopting(definition.id(), observed) : observed;
    }

    private static Observed adopting(StackId id, Observed observed) {
        Map<String, Observed.Volume> adopted = new LinkedHashMap<>();
        observed.volumes()
                .forEach((name, volume) -> adopted.put(
                        name,
                        volume.owner().isEmpty() ? new Observed.Volume(name, id.stack(), volume.lineage()) : volume));
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
        private StackDefinition definition;

        Up(StackDefinition definition, Selection selection, UpOptions options, Consumer<StackEvent> listener) {
            this.selection = selection;
            this.options = options;
            this.listener = listener;
            this.ports = new PortMemory(stateDirectory, definition.id());
            this.definition = ports.recall(definition);
        }

        RunningStack run() throws InterruptedException {
            Observed observed = look();
            Plan plan = planFor(definition, selection, observed);
            if (!plan.images().steps().isEmpty()) {
                getImages(plan.images(), observed);
                observed = look();
                plan = planFor(definition, selection, observed);
            }
            listener.accept(new StackEvent.Planned(clock.instant(), plan));
            Timeline timeline = start(plan, observed);
            listener.accept(new StackEvent.Finished(clock.instant(), timeline));
            return new RunningStack(definition, driver, StackEngine.this, timeline, WhenClosed.LEAVE);
        }

        private Observed look() {
            Observed observed = observe(definition, selection, options);
            if (options.ports() == UpOptions.Ports.NEXT_FREE
                    && !observed.portOwners().isEmpty()) {
                definition = ports.avoid(definition, observed.portOwners().keySet(), driver);
                return observe(definition, selection, options);
            }
            return observed;
        }

        private void getImages(Plan images, Observed observed) throws InterruptedException {
            listener.accept(new StackEvent.Planned(clock.instant(), images));
            try {
                newRun(images, observed).run();
            } catch (StepFailedException e) {
                throw failed(e);
            }
        }

        private Timeline start(Plan plan, Observed before) throws InterruptedException {
            PlanRun run = newRun(plan, before);
            try (Driver.Watch watch = driver.watch(definition.id(), run::happened)) {
                return run.run();
            } catch (StepFailedException e) {
                StartFailedException failure = failed(e);
                takeBack(before, run.ready(), failure);
                throw failure;
            } catch (InterruptedException e) {
                takeBack(before, run.ready(), e);
                throw e;
            }
        }

        private PlanRun newRun(Plan plan, Observed observed) {
            return new PlanRun(driver, definition, observed, plan, options.patience(), workers, clock, listener);
        }

        private StartFailedException failed(StepFailedException failure) {
            Set<String> selected = definition.graph().closure(selection.names(definition));
            Diagnosis diagnosis = new FailureReport(driver, definition, selected).of(failure);
            listener.accept(new StackEvent.Failed(clock.instant(), diagnosis));
            return new StartFailedException(diagnosis, failure);
        }

        /**
         * Take back what this start began, by comparing what is there with what was there before: containers that are
         * new go, those that only were started are stopped, and new volumes go whose service never became ready, as
         * they may be half initialised.
         */
        private void takeBack(Observed before, Set<String> ready, Throwable failure) {
            if (options.onFailure() == UpOptions.OnFailure.KEEP) {
                return;
            }
            try {
                Observed after = driver.observe(definition.id());
                List<String> created = new ArrayList<>();
                List<String> started = new ArrayList<>();
                after.containers().forEach((service, container) -> {
                    Observed.Container earlier = before.containers().get(service);
                    if (earlier == null || !earlier.id().equals(container.id())) {
                        created.add(service);
                    } else if (container.isRunning() && !earlier.isRunning()) {
                        started.add(service);
                    }
                });
                if (!started.isEmpty()) {
                    carryOut(definition.id(), Planner.stop(after, started), after, event -> {});
                }
                if (!created.isEmpty()) {
                    List<String> volumes = halfMadeVolumes(before, after, ready);
                    carryOut(
                            definition.id(),
                            Planner.down(definition.id(), after, created, volumes),
                            after,
                            event -> {});
                }
                removeNewNetwork(before, created.size() == after.containers().size());
                created.addAll(started);
                listener.accept(new StackEvent.RolledBack(clock.instant(), created));
            } catch (RuntimeException | InterruptedException e) {
                failure.addSuppressed(e);
            }
        }

        private void removeNewNetwork(Observed before, boolean isUnused) throws InterruptedException {
            Observed now = driver.observe(definition.id());
            String network = definition.id().prefix();
            if (isUnused
                    && now.networks().contains(network)
                    && !before.networks().contains(network)) {
                driver.perform(new Step.RemoveNetwork(network), definition, now, text -> {});
            }
        }

        private List<String> halfMadeVolumes(Observed before, Observed after, Set<String> ready) {
            List<String> volumes = new ArrayList<>();
            for (Service service : definition.services().values()) {
                for (VolumeMount mount : service.volumes()) {
                    String name = definition.id().volumeName(mount.volume());
                    boolean isNew = after.volumes().containsKey(name)
                            && !before.volumes().containsKey(name);
                    if (isNew && !ready.contains(service.name())) {
                        volumes.add(name);
                    }
                }
            }
            return volumes;
        }
    }
}
