package dev.withstack.core.engine;

import dev.withstack.core.data.Restoration;
import dev.withstack.core.data.Shares;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Problem;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Share;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.model.VolumeMount;
import dev.withstack.core.plan.DownPlanner;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.PlanRefusedException;
import dev.withstack.core.plan.Planner;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Removes what a stack has on the host: containers, networks, volumes, and what it keeps in servers of its base. */
final class Removal {
    private final Runs runs;
    private final Driver driver;
    private final StackLocks locks;
    private final Starts starts;
    private final Path stateDirectory;
    private final Consumer<StackEvent> listener;

    Removal(Runs runs, StackLocks locks, Starts starts, Path stateDirectory, Consumer<StackEvent> listener) {
        this.runs = runs;
        this.driver = runs.driver();
        this.locks = locks;
        this.starts = starts;
        this.stateDirectory = stateDirectory;
        this.listener = listener;
    }

    /** Stop the services; none named means all. */
    void stop(StackId id, Collection<String> services) {
        locks.change(id, listener, () -> runs.takeAway(id, seen -> DownPlanner.stop(seen, services), listener));
    }

    /** Remove the services' containers; none named means all, with the networks. */
    void down(StackId id, Collection<String> services) {
        locks.change(id, listener, () -> {
            runs.takeAway(id, seen -> DownPlanner.down(seen, services, List.of()), listener);
            if (services.isEmpty()) {
                new ChosenNumbers(stateDirectory, id).forget();
            }
        });
    }

    /** Remove everything, with the data. */
    void destroy(StackId id) {
        locks.change(id, listener, () -> removeAll(id));
        if (!id.run().isEmpty()) {
            // nobody comes back to a run that is gone
            locks.forget(id);
        }
    }

    /** Remove everything, with the data, that in servers of the base too. */
    void destroy(StackDefinition definition) {
        locks.change(definition.id(), listener, () -> {
            removeAll(definition.id());
            dropShares(definition, sharesOf(definition, List.of()), UpOptions.DEFAULT);
        });
    }

    private void removeAll(StackId id) throws InterruptedException {
        runs.takeAway(id, seen -> DownPlanner.down(seen, List.of(), ownVolumes(id, seen)), listener);
        new ChosenNumbers(stateDirectory, id).forget();
        new StartMemory(stateDirectory, id).forget();
        new RestoreMemory(stateDirectory, id).forget();
    }

    /** Remove the services' containers and data, and bring up again those that were running; none named means all. */
    void reset(StackDefinition definition, Collection<String> services, UpOptions options) {
        boolean unused = locks.start(definition.id(), options, listener, () -> {
            List<String> wereRunning = upNow(definition);
            List<String> own = ownAffected(definition, services);
            runs.takeAway(
                    definition.id(), seen -> DownPlanner.down(seen, own, volumesOf(definition, own, seen)), listener);
            dropShares(definition, sharesOf(definition, services), options);
            forgetRestores(definition.id(), services, own);
            if (!wereRunning.isEmpty()) {
                starts.up(definition, new Selection.WithNeeds(wereRunning), options, listener);
            }
            return true;
        });
    }

    /** What is gone needs no restoring; none named means all. */
    private void forgetRestores(StackId id, Collection<String> named, List<String> affected) {
        RestoreMemory restores = new RestoreMemory(stateDirectory, id);
        if (named.isEmpty()) {
            restores.forget();
        } else {
            named.forEach(restores::end);
            affected.forEach(restores::end);
        }
    }

    /** Return the services that run, or have run to their end. */
    private List<String> upNow(StackDefinition definition) {
        return driver.observe(definition.id()).containers().values().stream()
                .filter(container -> container.isRunning() || container.state() == Observed.State.COMPLETED)
                .map(Observed.Container::service)
                .filter(starts.recalled(definition).services()::containsKey)
                .toList();
    }

    /** Return the stack's own services among those named, and those that need one of the base that is named. */
    static List<String> ownAffected(StackDefinition definition, Collection<String> services) {
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
     * Return the volumes of the services that were made for this stack, with what a killed restore has left beside them;
     * no service named means all.
     */
    static List<String> volumesOf(StackDefinition definition, Collection<String> services, Observed observed) {
        Set<String> names = new LinkedHashSet<>();
        for (Service service : definition.services().values()) {
            if (services.isEmpty() || services.contains(service.name())) {
                for (VolumeMount mount : service.volumes()) {
                    names.add(mount.nameIn(definition.id()));
                    names.add(Restoration.volumeBeside(mount.nameIn(definition.id())));
                }
            }
        }
        names.retainAll(ownVolumes(definition.id(), observed));
        return List.copyOf(names);
    }

    private static List<String> ownVolumes(StackId id, Observed observed) {
        return observed.volumes().values().stream()
                .filter(volume -> volume.owner().equals(Planner.ownerOf(id)))
                .map(Observed.Volume::name)
                .toList();
    }

    /** Return what the stack keeps in servers of its base; no server named means all. */
    List<Share> sharesOf(StackDefinition definition, Collection<String> services) {
        return new Shares(driver, definition)
                .kept().stream()
                        .filter(share -> services.isEmpty() || services.contains(share.service()))
                        .toList();
    }

    /** Remove the shares; where their servers don't run, they are brought up for it. */
    private void dropShares(StackDefinition definition, List<Share> shares, UpOptions options)
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
                .filter(server -> !observed.isRunning(server))
                .toList();
        if (!down.isEmpty()) {
            Up.Done unused = starts.upBase(base, new Selection.WithNeeds(down), options, listener);
        }
        new Shares(driver, definition).drop(shares);
        shares.forEach(share ->
                listener.accept(new StackEvent.Notice(runs.clock().instant(), "Removed the " + share.text() + ".")));
    }

    /** Stop the base, unless an environment that stands on it is running. */
    void stopBase(StackId base) {
        unused(base, "is running", Observed.Container::isRunning, () -> stop(base, List.of()));
    }

    /** Remove the base's containers, unless an environment that stands on it is there. */
    void downBase(StackId base) {
        unused(base, "uses it", container -> true, () -> down(base, List.of()));
    }

    /** Remove the base with its data, unless an environment that stands on it is there. */
    void destroyBase(StackId base) {
        unused(base, "uses it", container -> true, () -> destroy(base));
    }

    /**
     * Change the base while none of its environments is being changed.
     *
     * @throws PlanRefusedException if one uses it
     */
    private void unused(StackId base, String verb, Predicate<Observed.Container> counts, StackLocks.Task change) {
        List<StackId> environments = Arrays.stream(Environment.values())
                .filter(environment -> environment != Environment.BASE)
                .map(environment -> new StackId(base.stack(), environment, base.run()))
                .toList();
        locks.change(environments, listener, () -> {
            List<Problem> users = environments.stream()
                    .filter(id ->
                            driver.observe(id).containers().values().stream().anyMatch(counts))
                    .map(id -> new Problem(id.toString(), verb + ".", "Take it down first."))
                    .toList();
            if (!users.isEmpty()) {
                throw new PlanRefusedException(base + " stays as it is", users);
            }
            change.run();
        });
    }
}
