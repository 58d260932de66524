package dev.withstack.core.engine;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.model.VolumeMount;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.Planner;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Brings stacks up and takes them down: observes, plans, and carries the plan out.
 *
 * <p>Thread-safe; changes to one stack happen one after the other, across processes too. A listener is called by the
 * thread that called the engine, and must be quick; what it throws ends the call, after taking back likewise.
 * Interrupting the calling thread takes back what the call had begun. Closing the engine closes its driver, fails the
 * calls that go on, and leaves the stacks as they are.
 */
public final class StackEngine implements AutoCloseable {
    private final Driver driver;
    private final Path stateDirectory;
    private final Clock clock;
    private final Runs runs;

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
        this.runs = new Runs(driver, workers, clock);
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
        return new Up(runs, stateDirectory, definition, selection, options, event -> {}).plan();
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
            return locked(definition.id(), listener, () -> bringUp(definition, selection, options, listener));
        } catch (InterruptedException e) {
            throw StackInterruptedException.duringStart(e, options.onFailure());
        }
    }

    /** Bring up under the stack's lock. */
    private RunningStack bringUp(
            StackDefinition definition, Selection selection, UpOptions options, Consumer<StackEvent> listener)
            throws InterruptedException {
        return running(new Up(runs, stateDirectory, definition, selection, options, listener).run());
    }

    private RunningStack running(Up.Done up) {
        return new RunningStack(up.definition(), driver, this, up.timeline(), new WhenClosed.Leave());
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
                runs.takeAway(definition.id(), Planner.stop(observed, selection.names(definition)), observed, listener);
                runAgain(definition, selection, listener);
                return bringUp(definition, selection, options, listener);
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
            runs.takeAway(definition.id(), Planner.remove(observed, oneShots, List.of()), observed, listener);
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
                        .filter(container -> container.isRunning() || container.state() == Observed.State.COMPLETED)
                        .map(Observed.Container::service)
                        .filter(definition.services()::containsKey)
                        .toList();
                Plan removal = Planner.down(id, observed, services, volumesOf(definition, services, observed));
                runs.takeAway(id, removal, observed, listener);
                if (!wereRunning.isEmpty()) {
                    bringUp(definition, new Selection.WithNeeds(wereRunning), options, listener);
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
        return running(new Up.Done(recalled, new Timeline(Map.of(), Duration.ZERO)));
    }

    @Override
    public void close() {
        runs.close();
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
                runs.takeAway(id, planner.apply(observed), observed, listener);
                if (andThen == AndThen.FORGET_PORTS) {
                    new PortMemory(stateDirectory, id).forget();
                }
                return true;
            });
        } catch (InterruptedException e) {
            throw StackInterruptedException.duringChange(e);
        }
    }

    private static List<String> ownVolumes(StackId id, Observed observed) {
        return observed.volumes().values().stream()
                .filter(volume -> volume.owner().equals(Planner.ownerOf(id)))
                .map(Observed.Volume::name)
                .toList();
    }
}
