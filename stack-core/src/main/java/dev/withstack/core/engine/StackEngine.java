package dev.withstack.core.engine;

import dev.withstack.core.data.Backup;
import dev.withstack.core.data.Backups;
import dev.withstack.core.data.Restoration;
import dev.withstack.core.data.Shares;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Problem;
import dev.withstack.core.model.Replicas;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Share;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.model.VolumeMount;
import dev.withstack.core.plan.DownPlanner;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.PlanRefusedException;
import dev.withstack.core.plan.PlannedStep;
import dev.withstack.core.plan.Planner;
import dev.withstack.core.plan.Step;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final Driver driver;
    private final Path stateDirectory;
    private final Clock clock;
    private final Runs runs;

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
        Plan nothing = new Plan(List.of(), List.of());
        StackDefinition running = recalled(definition);
        Plan ofBase = selection
                .ofBase(running)
                .map(chosen -> newUp(definition.base().orElseThrow(), chosen, options, event -> {})
                        .plan())
                .orElse(nothing);
        return selection
                .own(running)
                .map(own ->
                        ofBase.then(newUp(definition, own, options, event -> {}).plan()))
                .orElse(ofBase);
    }

    private Up newUp(
            StackDefinition definition, Selection selection, UpOptions options, Consumer<StackEvent> listener) {
        return new Up(runs, stateDirectory, definition, selection, options, listener);
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
        StartWatch watch = new StartWatch(listener);
        Optional<Up.Done> base = bringUpBase(definition, selection, options, watch);
        StackDefinition onBase = base.map(Up.Done::definition)
                .or(() -> definition.base().map(this::recalled))
                .map(definition::on)
                .orElse(definition);
        Optional<Selection> own = selection.own(recalled(definition));
        Up.Done done = own.isPresent()
                ? newUp(onBase, own.get(), options, watch).run()
                : new Up.Done(recalled(onBase), Timeline.NOTHING);
        Timeline timeline = base.map(Up.Done::timeline).orElse(Timeline.NOTHING).then(done.timeline());
        finish(definition.id(), timeline, watch);
        return running(new Up.Done(done.definition(), timeline));
    }

    private void finish(StackId id, Timeline timeline, StartWatch watch) {
        new StartMemory(stateDirectory, id).remember(watch.times(timeline));
        watch.accept(new StackEvent.Finished(clock.instant(), timeline));
    }

    /**
     * Bring up what is needed of the base, and in it what is the stack's own. The lock of an environment is taken before
     * that of its base, and the base's is given back before the environment's own services are started: two environments
     * wait for each other only as long as the base is changed.
     */
    private Optional<Up.Done> bringUpBase(
            StackDefinition definition, Selection selection, UpOptions options, Consumer<StackEvent> listener)
            throws InterruptedException {
        Optional<Selection> chosen = selection.ofBase(recalled(definition));
        if (chosen.isEmpty()) {
            return Optional.empty();
        }
        StackDefinition base = definition.base().orElseThrow();
        Up.Done done = locked(base.id(), listener, () -> newUp(base, chosen.get(), options, listener)
                .run());
        makeShares(definition, done.timeline().entries().keySet(), listener);
        return Optional.of(done);
    }

    private void makeShares(StackDefinition definition, Set<String> running, Consumer<StackEvent> listener)
            throws InterruptedException {
        for (Share made : new Shares(driver, definition).make(share -> running.contains(share.service()))) {
            listener.accept(new StackEvent.Notice(clock.instant(), "Made the " + made.text() + "."));
        }
    }

    private RunningStack running(Up.Done up) {
        return new RunningStack(up.definition(), driver, this, up.timeline(), new WhenClosed.Leave());
    }

    /** Return the definition, and that of its base, with the numbers chosen earlier. */
    private StackDefinition recalled(StackDefinition definition) {
        return ChosenNumbers.recalled(stateDirectory, definition);
    }

    /** Stop the services, dependants first; none named means all. They can be started again as they were. */
    public void stop(StackId id, Collection<String> services, Consumer<StackEvent> listener) {
        changeByLabels(id, listener, observed -> DownPlanner.stop(observed, services), AndThen.KEEP_NUMBERS);
    }

    /** Stop and remove the services' containers; none named means all, with the network. Volumes stay. */
    public void down(StackId id, Collection<String> services, Consumer<StackEvent> listener) {
        changeByLabels(
                id,
                listener,
                observed -> DownPlanner.down(observed, services, List.of()),
                services.isEmpty() ? AndThen.FORGET_NUMBERS : AndThen.KEEP_NUMBERS);
    }

    /** Stop and remove everything that the stack has on the host: containers, network, and the volumes with their data. */
    public void destroy(StackId id, Consumer<StackEvent> listener) {
        changeByLabels(
                id,
                listener,
                observed -> DownPlanner.down(observed, List.of(), ownVolumes(id, observed)),
                AndThen.FORGET_NUMBERS);
        new StartMemory(stateDirectory, id).forget();
        if (!id.run().isEmpty()) {
            // nobody comes back to a run that is gone
            StackLock.forget(stateDirectory, id.prefix());
        }
    }

    /** Destroy a run and the base that is its own. */
    public void destroyRun(StackDefinition run) {
        destroy(run.id(), event -> {});
        run.base().ifPresent(this::destroyRun);
    }

    /** Do the same for the stack of the definition, and remove what it keeps in servers of its base. */
    public void destroy(StackDefinition definition, Consumer<StackEvent> listener) {
        try {
            boolean unused = locked(definition.id(), listener, () -> {
                Observed observed = driver.observe(definition.id());
                List<String> volumes = ownVolumes(definition.id(), observed);
                runs.takeAway(definition.id(), DownPlanner.down(observed, List.of(), volumes), observed, listener);
                dropShares(definition, sharesOf(definition, List.of()), UpOptions.DEFAULT, listener);
                new ChosenNumbers(stateDirectory, definition.id()).forget();
                new StartMemory(stateDirectory, definition.id()).forget();
                return true;
            });
        } catch (InterruptedException e) {
            throw StackInterruptedException.duringChange(e);
        }
    }

    /** Stop the base, unless an environment that stands on it is running. */
    public void stopBase(StackId base, Consumer<StackEvent> listener) {
        alone(base, "is running", Observed.Container::isRunning, listener, () -> stop(base, List.of(), listener));
    }

    /** Stop and remove the base, unless an environment that stands on it is there. Volumes stay. */
    public void downBase(StackId base, Consumer<StackEvent> listener) {
        alone(base, "uses it", container -> true, listener, () -> down(base, List.of(), listener));
    }

    /** Remove the base with the data of all environments, unless one that stands on it is there. */
    public void destroyBase(StackId base, Consumer<StackEvent> listener) {
        alone(base, "uses it", container -> true, listener, () -> destroy(base, listener));
    }

    /**
     * Change the base while none of its environments is being changed.
     *
     * @throws dev.withstack.core.plan.PlanRefusedException if one uses it
     */
    private void alone(
            StackId base,
            String verb,
            Predicate<Observed.Container> counts,
            Consumer<StackEvent> listener,
            Runnable change) {
        List<StackId> environments = Arrays.stream(Environment.values())
                .filter(environment -> environment != Environment.BASE)
                .map(environment -> new StackId(base.stack(), environment, base.run()))
                .toList();
        try {
            alone(environments, listener, () -> {
                List<Problem> users = environments.stream()
                        .filter(id -> driver.observe(id).containers().values().stream()
                                .anyMatch(counts))
                        .map(id -> new Problem(id.toString(), verb + ".", "Take it down first."))
                        .toList();
                if (!users.isEmpty()) {
                    throw new PlanRefusedException(base + " stays as it is", users);
                }
                change.run();
                return true;
            });
        } catch (InterruptedException e) {
            throw StackInterruptedException.duringChange(e);
        }
    }

    /** Take the locks in the order of the list. */
    private boolean alone(List<StackId> ids, Consumer<StackEvent> listener, Change<Boolean> change)
            throws InterruptedException {
        return ids.isEmpty()
                ? change.make()
                : locked(ids.get(0), listener, () -> alone(ids.subList(1, ids.size()), listener, change));
    }

    /** Destroy the runs that were left behind by processes which ended without taking them down. */
    public void sweep(Consumer<StackEvent> listener) {
        for (StackId id : driver.leftBehind()) {
            listener.accept(new StackEvent.Notice(
                    clock.instant(), "Removing " + id + ", whose process has ended without doing so."));
            destroy(id, event -> {});
        }
    }

    /**
     * Stop the services and bring them up again, in the order of the graph, and with them what runs and is restarted
     * together with one of them.
     */
    public RunningStack restart(
            StackDefinition definition, Selection named, UpOptions options, Consumer<StackEvent> listener) {
        try {
            return locked(definition.id(), listener, () -> {
                StackDefinition running = recalled(definition);
                Selection selection = named.with(followers(named, running));
                Optional<Selection> own = selection.own(running);
                if (own.isPresent()) {
                    stopNow(definition.id(), own.get().names(running), listener);
                    runAgain(running, own.get(), listener);
                }
                Optional<Selection> ofBase = selection.namedOfBase(running);
                if (ofBase.isPresent()) {
                    StackId base = definition.base().orElseThrow().id();
                    boolean unused = locked(
                            base, listener, () -> stopNow(base, ofBase.get().named(), listener));
                }
                return bringUp(definition, selection, options, listener);
            });
        } catch (InterruptedException e) {
            throw StackInterruptedException.duringStart(e, options.onFailure());
        }
    }

    /** Return what runs, was not named, and is restarted together with what was. */
    private List<String> followers(Selection selection, StackDefinition running) {
        Set<String> restarted = new LinkedHashSet<>();
        selection.own(running).ifPresent(own -> restarted.addAll(own.names(running)));
        selection.namedOfBase(running).ifPresent(ofBase -> restarted.addAll(ofBase.named()));
        Observed observed = driver.observe(running.id());
        List<String> followers = new ArrayList<>();
        for (String name : running.graph().order()) {
            boolean follows = running.service(name).dependencies().stream()
                    .anyMatch(dependency ->
                            dependency.restart() == Dependency.Restart.TOGETHER && restarted.contains(dependency.on()));
            boolean runs = observed.container(name)
                    .filter(Observed.Container::isRunning)
                    .isPresent();
            if (follows && runs && restarted.add(name)) {
                followers.add(name);
            }
        }
        return followers;
    }

    /** What has run to its end is left alone by a start, but not when a restart names it. */
    private void runAgain(StackDefinition definition, Selection selection, Consumer<StackEvent> listener)
            throws InterruptedException {
        List<String> oneShots = selection.named().stream()
                .flatMap(name -> definition.meant(name).stream())
                .filter(name -> definition.service(name).isOneShot())
                .toList();
        if (!oneShots.isEmpty()) {
            Observed observed = driver.observe(definition.id());
            runs.takeAway(definition.id(), DownPlanner.remove(observed, oneShots, List.of()), observed, listener);
        }
    }

    private boolean stopNow(StackId id, Collection<String> services, Consumer<StackEvent> listener)
            throws InterruptedException {
        Observed observed = driver.observe(id);
        runs.takeAway(id, DownPlanner.stop(observed, services), observed, listener);
        return true;
    }

    /** Return what {@link #reset} would remove of the data that the stack keeps in servers of its base. */
    public List<Share> sharesOf(StackDefinition definition, Collection<String> services) {
        return new Shares(driver, definition)
                .kept().stream()
                        .filter(share -> services.isEmpty() || services.contains(share.service()))
                        .toList();
    }

    /** Remove the shares; where their servers don't run, they are brought up for it. */
    private void dropShares(
            StackDefinition definition, List<Share> shares, UpOptions options, Consumer<StackEvent> listener)
            throws InterruptedException {
        if (shares.isEmpty()) {
            return;
        }
        StackDefinition base = definition.base().orElse(definition);
        Observed observed = driver.observe(base.id());
        if (observed.volumes().isEmpty()) {
            // there is no data yet
            return;
        }
        // a base that runs is left as it is
        List<String> down = shares.stream()
                .map(Share::service)
                .distinct()
                .filter(server -> !observed.container(server)
                        .map(Observed.Container::isRunning)
                        .orElse(false))
                .toList();
        if (!down.isEmpty()) {
            Up.Done unused =
                    locked(base.id(), listener, () -> newUp(base, new Selection.WithNeeds(down), options, listener)
                            .run());
        }
        new Shares(driver, definition).drop(shares);
        shares.forEach(
                share -> listener.accept(new StackEvent.Notice(clock.instant(), "Removed the " + share.text() + ".")));
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
        Selection selection = new Selection.WithNeeds(List.copyOf(replicas.keySet()));
        StackDefinition onBase =
                definition.base().map(this::recalled).map(definition::on).orElse(definition);
        try {
            return locked(definition.id(), listener, () -> {
                StartWatch watch = new StartWatch(listener);
                Up.Done done = newUp(onBase, selection, options, watch).run(replicas);
                finish(definition.id(), done.timeline(), watch);
                return running(done);
            });
        } catch (InterruptedException e) {
            throw StackInterruptedException.duringStart(e, options.onFailure());
        }
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

    /**
     * Pull the images that the services run from, those that are there too. What runs goes on as it is; the next start
     * takes what is new.
     *
     * @param services none named means all
     * @throws StartFailedException if one is not to be had
     */
    public void pull(StackDefinition definition, Collection<String> services, Consumer<StackEvent> listener) {
        bringImages(
                definition,
                services,
                service -> service.source() instanceof Source.Image image
                        ? Optional.of(new Step.PullImage(service.name(), image.reference(), Step.Pull.ALWAYS))
                        : Optional.empty(),
                listener);
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
        bringImages(
                definition,
                services,
                service -> service.source() instanceof Source.Build build
                        ? Optional.of(new Step.BuildImage(service.name(), build.directory(), layers))
                        : Optional.empty(),
                listener);
    }

    private void bringImages(
            StackDefinition definition,
            Collection<String> services,
            Function<Service, Optional<Step>> stepOf,
            Consumer<StackEvent> listener) {
        definition.base().ifPresent(base -> bringImages(base, services, stepOf, listener));
        Map<String, Step> steps = new LinkedHashMap<>();
        for (Service service : definition.services().values()) {
            boolean isMeant = services.isEmpty() || services.contains(service.name());
            // replicas share one, and so do services from one image
            stepOf.apply(service)
                    .filter(step -> isMeant)
                    .ifPresent(step -> steps.putIfAbsent(
                            step instanceof Step.PullImage pull ? pull.reference() : service.declaredName(), step));
        }
        if (!steps.isEmpty()) {
            bringImages(definition, List.copyOf(steps.values()), listener);
        }
    }

    private void bringImages(StackDefinition definition, List<Step> steps, Consumer<StackEvent> listener) {
        List<PlannedStep> planned = new ArrayList<>();
        steps.forEach(step -> planned.add(new PlannedStep(planned.size() + 1, step, "asked for", List.of())));
        Plan plan = new Plan(planned, List.of());
        Observed nothing = new Observed(Map.of(), Set.of(), Map.of(), Map.of(), Map.of());
        try {
            listener.accept(new StackEvent.Planned(clock.instant(), plan));
            Timeline unused =
                    runs.follow(runs.prepare(plan, definition, nothing, Map.of(), Optional.empty(), listener));
        } catch (StepFailedException e) {
            throw new StartFailedException(new FailureReport(driver, definition, Set.of()).of(e), e);
        } catch (InterruptedException e) {
            throw StackInterruptedException.duringChange(e);
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
     * Remove the services' containers and volumes with all their data, and bring up again those that were running. Of a
     * service of the base only that goes which is this stack's own, with the containers of this stack that need it.
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
                        .filter(recalled(definition).services()::containsKey)
                        .toList();
                List<String> own = ownAffected(definition, services);
                Plan removal = DownPlanner.down(observed, own, volumesOf(definition, own, observed));
                runs.takeAway(id, removal, observed, listener);
                dropShares(definition, sharesOf(definition, services), options, listener);
                if (!wereRunning.isEmpty()) {
                    bringUp(definition, new Selection.WithNeeds(wereRunning), options, listener);
                }
                return true;
            });
        } catch (InterruptedException e) {
            throw StackInterruptedException.duringStart(e, options.onFailure());
        }
    }

    /** Return the stack's own services among those named, and those that need one of the base that is named. */
    private static List<String> ownAffected(StackDefinition definition, Collection<String> services) {
        return definition.services().values().stream()
                .filter(service -> services.contains(service.name())
                        || service.dependencies().stream()
                                .map(Dependency::on)
                                .anyMatch(needed -> services.contains(needed)
                                        && !definition.services().containsKey(needed)))
                .map(Service::name)
                .toList();
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
            return interruptible(() -> backups(definition, listener).take(services, parent));
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
        try {
            boolean unused = locked(definition.id(), listener, () -> {
                Restoration restoration = backups(definition, listener).prepare(backup, services);
                List<String> removed = restoration.withoutContainer();
                List<String> paused = new ArrayList<>(runningUsersOf(definition, restoration.services()));
                paused.addAll(running(definition, removed));
                try {
                    if (!paused.isEmpty()) {
                        stopNow(definition.id(), paused, listener);
                    }
                    if (!removed.isEmpty()) {
                        Observed observed = driver.observe(definition.id());
                        runs.takeAway(
                                definition.id(), DownPlanner.remove(observed, removed, List.of()), observed, listener);
                    }
                } catch (InterruptedException e) {
                    throw restoration.discardAfter(e);
                } catch (RuntimeException e) {
                    throw restoration.discardAfter(e);
                }
                putInPlace(restoration, () -> goOn(definition, paused, listener));
                return true;
            });
        } catch (InterruptedException e) {
            throw StackInterruptedException.duringChange(e);
        }
    }

    /** Whether or not it succeeds, what was stopped for it goes on. */
    private static void putInPlace(Restoration restoration, Change<Boolean> then) throws InterruptedException {
        try {
            restoration.putInPlace();
        } catch (RuntimeException e) {
            try {
                boolean unused = then.make();
            } catch (RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        boolean unused = then.make();
    }

    private boolean goOn(StackDefinition definition, List<String> services, Consumer<StackEvent> listener)
            throws InterruptedException {
        if (!services.isEmpty()) {
            bringUp(definition, new Selection.WithNeeds(services), UpOptions.DEFAULT, listener);
        }
        return true;
    }

    private Backups backups(StackDefinition definition, Consumer<StackEvent> listener) {
        return new Backups(
                driver,
                recalled(definition),
                clock,
                text -> listener.accept(new StackEvent.Notice(clock.instant(), text)));
    }

    /**
     * Return those that run of the stack's own services which need one of the others, directly or not. Processes of this
     * host are not among them: they belong to the launcher that started them, and would end with this one.
     */
    private List<String> runningUsersOf(StackDefinition definition, Collection<String> others) {
        StackDefinition running = recalled(definition);
        Set<String> affected = new LinkedHashSet<>(others);
        affected.addAll(ownAffected(running, others));
        return running(
                definition,
                running.services().keySet().stream()
                        .filter(name -> !others.contains(name))
                        .filter(name -> !(running.service(name).source() instanceof Source.Process))
                        .filter(name -> running.closure(List.of(name)).stream().anyMatch(affected::contains))
                        .toList());
    }

    private List<String> running(StackDefinition definition, List<String> services) {
        Observed observed = driver.observe(definition.id());
        return services.stream()
                .filter(name -> observed.container(name)
                        .map(Observed.Container::isRunning)
                        .orElse(false))
                .toList();
    }

    /** Return a handle on the stack as it is, without changing anything. */
    public RunningStack attach(StackDefinition definition) {
        return running(new Up.Done(recalled(definition), Timeline.NOTHING));
    }

    /** Wait until nobody changes the stack. */
    public void awaitQuiet(StackId id) throws InterruptedException {
        lock(id, event -> {}).close();
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
            return interruptible(change);
        }
    }

    private static <T> T interruptible(Change<T> change) throws InterruptedException {
        try {
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

    /** What becomes of the numbers that were chosen while the stack ran. */
    private enum AndThen {
        KEEP_NUMBERS,
        FORGET_NUMBERS
    }

    private void changeByLabels(
            StackId id, Consumer<StackEvent> listener, Function<Observed, Plan> planner, AndThen andThen) {
        try {
            boolean unused = locked(id, listener, () -> {
                Observed observed = driver.observe(id);
                runs.takeAway(id, planner.apply(observed), observed, listener);
                if (andThen == AndThen.FORGET_NUMBERS) {
                    new ChosenNumbers(stateDirectory, id).forget();
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
