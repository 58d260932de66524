package dev.withstack.core.engine;

import dev.withstack.core.data.Backup;
import dev.withstack.core.data.Backups;
import dev.withstack.core.data.Restoration;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Replicas;
import dev.withstack.core.model.Share;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.Step;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

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
    private final StackLocks locks;
    private final Starts starts;

    /**
     * @param driver is closed with this engine
     * @param stateDirectory where locks and chosen numbers are kept; created when needed
     */
    public StackEngine(Driver driver, Path stateDirectory, Clock clock) {
        this(driver, stateDirectory, clock, new PooledWorkers());
    }

    StackEngine(Driver driver, Path stateDirectory, Clock clock, Workers workers) {
        this.driver = driver;
        this.stateDirectory = stateDirectory;
        this.clock = clock;
        this.runs = new Runs(driver, workers, clock);
        this.locks = new StackLocks(stateDirectory, clock);
        this.starts = new Starts(runs, locks, stateDirectory);
    }

    public Driver driver() {
        return driver;
    }

    Clock clock() {
        return clock;
    }

    /**
     * Say what {@link #up} would do, without doing it.
     *
     * @throws dev.withstack.core.plan.PlanRefusedException if it could only fail or do harm
     */
    public Plan plan(StackDefinition definition, Selection selection, UpOptions options) {
        return starts.plan(definition, selection, options);
    }

    /**
     * Bring the selected services up and wait until they are ready, what they need of the stack's base before them. What
     * is as it should be is left alone. A base that has become ready stays, whatever becomes of the rest.
     *
     * @return the running stack; closing it leaves it running
     * @throws StartFailedException if a service fails, after taking back what this call had begun
     * @throws dev.withstack.core.plan.PlanRefusedException if it could only fail or do harm; nothing was touched
     * @throws StackInterruptedException if the calling thread is interrupted, after taking back likewise
     */
    public RunningStack up(
            StackDefinition definition, Selection selection, UpOptions options, Consumer<StackEvent> listener) {
        return running(locks.start(
                definition.id(), options, listener, () -> starts.up(definition, selection, options, listener)));
    }

    /**
     * Stop the services and bring them up again, in the order of the graph, and with them what runs and is restarted
     * together with one of them.
     */
    public RunningStack restart(
            StackDefinition definition, Selection named, UpOptions options, Consumer<StackEvent> listener) {
        Restart restart = new Restart(runs, locks, starts);
        return running(locks.start(
                definition.id(), options, listener, () -> restart.run(definition, named, options, listener)));
    }

    /**
     * Run other numbers of replicas, by service, until the stack is scaled again or taken down. Only the difference is
     * started, with what it needs, or ended; what is ended has its grace to finish what it has in hand.
     *
     * @throws IllegalArgumentException if a service is not made to be several, or not as many
     */
    public RunningStack scale(
            StackDefinition definition,
            Map<String, Integer> replicas,
            UpOptions options,
            Consumer<StackEvent> listener) {
        replicas.forEach((service, number) -> checkReplicas(definition, service, number));
        return running(locks.start(
                definition.id(), options, listener, () -> starts.scale(definition, replicas, options, listener)));
    }

    private static void checkReplicas(StackDefinition definition, String service, int number) {
        if (!definition.replicas().containsKey(service)) {
            throw new IllegalArgumentException("'" + service + "' of " + definition.name()
                    + " has no replicas; those that can be scaled: "
                    + String.join(", ", definition.replicas().keySet()) + ".");
        }
        if (number < 1 || number > Replicas.MOST) {
            throw new IllegalArgumentException("'" + service + "' can't have " + number + " replicas: 1 to "
                    + Replicas.MOST + " are possible. To have none run, stop it.");
        }
    }

    /** Say what {@link #update} would do, without doing it. */
    public Plan planUpdate(StackDefinition definition, Collection<String> services, UpOptions options) {
        return releases(event -> {}).planUpdate(definition, services, options);
    }

    /** Say what {@link #deploy} would do, without doing it. */
    public Plan planDeployment(StackDefinition definition, Deployment deployment, UpOptions options) {
        return releases(event -> {}).planDeployment(definition, deployment, options);
    }

    /**
     * Replace the services that run and are not as they should be, one after the other: a replica by one beside it, which
     * its entry leads to when it is ready; what has no entry and no replicas is stopped for it. The first that does not
     * become ready is taken back and ends the update; those before it are new then, and the others as they were.
     *
     * @param services none named means all
     * @throws StartFailedException at the first that fails
     */
    public RunningStack update(
            StackDefinition definition, Collection<String> services, UpOptions options, Consumer<StackEvent> listener) {
        return running(locks.start(
                definition.id(), options, listener, () -> releases(listener).update(definition, services, options)));
    }

    /**
     * Bring up the new version of services beside the old one, on the same data; when all of it is ready, let the entries
     * lead to it, and keep the old one as the way back. What has no entry follows after that. A new version that does
     * not become ready is taken back, and the old one goes on undisturbed.
     *
     * @throws StartFailedException at the first that fails
     */
    public RunningStack deploy(
            StackDefinition definition, Deployment deployment, UpOptions options, Consumer<StackEvent> listener) {
        return running(locks.start(
                definition.id(), options, listener, () -> releases(listener).deploy(definition, deployment, options)));
    }

    /**
     * Go back to the version that was kept when services were deployed; the one left is kept in turn. Entries lead to the
     * old one as soon as it says that it is ready.
     *
     * @param services none named means all of which one is kept
     * @throws dev.withstack.core.plan.PlanRefusedException if none is kept
     * @throws StartFailedException if the old version is not ready any more; the new one serves on
     */
    public RunningStack rollback(
            StackDefinition definition, Collection<String> services, UpOptions options, Consumer<StackEvent> listener) {
        return running(locks.start(
                definition.id(), options, listener, () -> releases(listener).rollback(definition, services, options)));
    }

    /** End and remove the version that was kept: what runs is good, and there is no way back from it any more. */
    public void accept(StackId id, Consumer<StackEvent> listener) {
        locks.change(id, listener, () -> releases(listener).accept(id));
    }

    private Releases releases(Consumer<StackEvent> listener) {
        return new Releases(runs, starts, stateDirectory, listener);
    }

    /** Stop the services, dependants first; none named means all. They can be started again as they were. */
    public void stop(StackId id, Collection<String> services, Consumer<StackEvent> listener) {
        removal(listener).stop(id, services);
    }

    /** Stop and remove the services' containers; none named means all, with the network. Volumes stay. */
    public void down(StackId id, Collection<String> services, Consumer<StackEvent> listener) {
        removal(listener).down(id, services);
    }

    /** Stop and remove everything that the stack has on the host: containers, network, and the volumes with their data. */
    public void destroy(StackId id, Consumer<StackEvent> listener) {
        removal(listener).destroy(id);
    }

    /** Do the same for the stack of the definition, and remove what it keeps in servers of its base. */
    public void destroy(StackDefinition definition, Consumer<StackEvent> listener) {
        removal(listener).destroy(definition);
    }

    /** Destroy a run and the base that is its own. */
    public void destroyRun(StackDefinition run) {
        destroy(run.id(), event -> {});
        run.base().ifPresent(this::destroyRun);
    }

    /** Stop the base, unless an environment that stands on it is running. */
    public void stopBase(StackId base, Consumer<StackEvent> listener) {
        removal(listener).stopBase(base);
    }

    /** Stop and remove the base, unless an environment that stands on it is there. Volumes stay. */
    public void downBase(StackId base, Consumer<StackEvent> listener) {
        removal(listener).downBase(base);
    }

    /** Remove the base with the data of all environments, unless one that stands on it is there. */
    public void destroyBase(StackId base, Consumer<StackEvent> listener) {
        removal(listener).destroyBase(base);
    }

    /** Destroy the runs that were left behind by processes which ended without taking them down. */
    public void sweep(Consumer<StackEvent> listener) {
        for (StackId id : driver.leftBehind()) {
            listener.accept(new StackEvent.Notice(
                    clock.instant(), "Removing " + id + ", whose process has ended without doing so."));
            destroy(id, event -> {});
        }
    }

    /** Return the volumes that {@link #reset} would remove, with their data: those that were made for this stack. */
    public List<String> volumesOf(StackDefinition definition, Collection<String> services) {
        return Removal.volumesOf(definition, services, driver.observe(definition.id()));
    }

    /** Return what {@link #reset} would remove of the data that the stack keeps in servers of its base. */
    public List<Share> sharesOf(StackDefinition definition, Collection<String> services) {
        return removal(event -> {}).sharesOf(definition, services);
    }

    /**
     * Remove the services' containers and volumes with all their data, and bring up again those that were running. Of a
     * service of the base only that goes which is this stack's own, with the containers of this stack that need it.
     *
     * @param services none named means all
     */
    public void reset(
            StackDefinition definition, Collection<String> services, UpOptions options, Consumer<StackEvent> listener) {
        removal(listener).reset(definition, services, options);
    }

    private Removal removal(Consumer<StackEvent> listener) {
        return new Removal(runs, locks, starts, stateDirectory, listener);
    }

    /**
     * Pull the images that the services run from, those that are there too. What runs goes on as it is; the next start
     * takes what is new.
     *
     * @param services none named means all
     * @throws StartFailedException if one is not to be had
     */
    public void pull(StackDefinition definition, Collection<String> services, Consumer<StackEvent> listener) {
        new ImageSupply(runs, listener).pull(definition, services);
    }

    /**
     * Build the images of the services that have a source, those too of which it has not changed.
     *
     * @param services none named means all
     * @throws StartFailedException if one can't be built
     */
    public void build(
            StackDefinition definition,
            Collection<String> services,
            Step.Layers layers,
            Consumer<StackEvent> listener) {
        new ImageSupply(runs, listener).build(definition, services, layers);
    }

    /**
     * Take a backup of what services keep, while they run; none named means all that keep something.
     *
     * @param parent the directory that the backup's own is made in
     * @throws DriverException if a service does not run, or it fails; nothing is left of the backup then
     */
    public Backup backup(
            StackDefinition definition, Collection<String> services, Path parent, Consumer<StackEvent> listener) {
        try {
            return StackLocks.interruptible(() -> backups(definition, listener).take(services, parent));
        } catch (InterruptedException e) {
            throw StackInterruptedException.duringChange(e);
        }
    }

    /**
     * Let what a backup has of the services take the place of what they keep; none named means all that the backup has.
     * It is put beside what is there first, and proven. Only then are those stopped that use it, until it is in place.
     *
     * @throws DriverException if the backup is damaged or does not arrive whole; what is there is as it was then
     */
    public void restore(
            StackDefinition definition, Backup backup, Collection<String> services, Consumer<StackEvent> listener) {
        locks.change(definition.id(), listener, () -> {
            Restoration restoration = backups(definition, listener).prepare(backup, services);
            new Restore(
                            runs,
                            starts,
                            definition,
                            restoration,
                            backup.directory(),
                            new RestoreMemory(stateDirectory, definition.id()),
                            listener)
                    .run();
        });
    }

    private Backups backups(StackDefinition definition, Consumer<StackEvent> listener) {
        return new Backups(
                driver,
                starts.recalled(definition),
                clock,
                text -> listener.accept(new StackEvent.Notice(clock.instant(), text)));
    }

    /** Return a handle on the stack as it is, without changing anything. */
    public RunningStack attach(StackDefinition definition) {
        return running(new Up.Done(starts.recalled(definition), Timeline.NOTHING));
    }

    private RunningStack running(Up.Done up) {
        return new RunningStack(up.definition(), driver, this, up.timeline(), new RunningStack.WhenClosed.Leave());
    }

    /** Wait until nobody changes the stack. */
    public void awaitQuiet(StackId id) throws InterruptedException {
        locks.take(id, event -> {}).close();
    }

    @Override
    public void close() {
        runs.close();
        driver.close();
    }
}
