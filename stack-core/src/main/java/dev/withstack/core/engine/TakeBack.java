package dev.withstack.core.engine;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.VolumeMount;
import dev.withstack.core.plan.DownPlanner;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.Step;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Takes back what a start began, by comparing what is there with what was there before, of the services that it has
 * touched: containers that are new go, those that only were started are stopped, those that were replaced or stopped run
 * again, and new volumes go whose services never became ready, as they may be half initialised. What fails does not keep
 * the rest from being taken back.
 */
final class TakeBack {
    private final Runs runs;
    private final Driver driver;
    private final StackDefinition definition;
    private final Observed before;
    private final Set<String> ready;
    private final Set<String> touched;
    private final Set<String> stopped;
    private final Consumer<StackEvent> listener;

    /**
     * @param before what was there before the start
     * @param run the start, which has come to its end
     */
    TakeBack(Runs runs, StackDefinition definition, Observed before, PlanRun run, Consumer<StackEvent> listener) {
        this.runs = runs;
        this.driver = runs.driver();
        this.definition = definition;
        this.before = before;
        this.ready = run.ready();
        this.touched = run.touched();
        this.stopped = run.stopped();
        this.listener = listener;
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
            attempt(failure, DownPlanner.stop(after, started), after);
        }
        List<String> volumes = halfMadeVolumes(after);
        if (!created.isEmpty() || !volumes.isEmpty()) {
            attempt(failure, DownPlanner.remove(after, created, volumes), after);
        }
        removeNewNetworks(failure, after, created);
        List<String> broughtBack = bringBack(failure, after, created);
        List<String> takenBack = new ArrayList<>(created);
        takenBack.addAll(started);
        try {
            listener.accept(new StackEvent.RolledBack(runs.clock().instant(), takenBack, broughtBack));
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** Let what was replaced or stopped for this start run again, what others need first. */
    private List<String> bringBack(Throwable failure, Observed after, List<String> created) {
        List<String> broughtBack = new ArrayList<>();
        for (String service : definition.graph().order()) {
            Optional<Observed.Container> earlier = replaced(service, after, created)
                    .or(() -> after.container(service).filter(this::wasOnlyStopped));
            if (earlier.isPresent()) {
                attempt(failure, DownPlanner.bringBack(after, earlier.get(), stateBefore(service)), after);
                broughtBack.add(service);
            }
        }
        return broughtBack;
    }

    /** Return the service's container that was set aside, if the one that replaced it is gone or never was. */
    private Optional<Observed.Container> replaced(String service, Observed after, List<String> created) {
        boolean isFree = created.contains(service)
                || (after.container(service).isEmpty()
                        && before.container(service).isPresent());
        return isFree ? Optional.ofNullable(after.aside().get(service)) : Optional.empty();
    }

    /** What an earlier start has set aside ran then, as far as anybody knows. */
    private Observed.State stateBefore(String service) {
        return before.container(service)
                .filter(container -> !before.aside().containsKey(service))
                .map(Observed.Container::state)
                .orElse(Observed.State.RUNNING);
    }

    private boolean wasOnlyStopped(Observed.Container container) {
        boolean wasUp = before.container(container.service()).map(this::isUp).orElse(false);
        return wasUp && container.isDown() && stopped.contains(container.id());
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
            runs.takeAway(definition.id(), plan, after, event -> {});
        } catch (RuntimeException | InterruptedException e) {
            failure.addSuppressed(e);
        }
    }

    private void removeNewNetworks(Throwable failure, Observed after, List<String> removed) {
        List<String> unused = after.networks().stream()
                .filter(network -> !before.networks().contains(network))
                .filter(network -> after.containers().values().stream()
                        .allMatch(container -> removed.contains(container.service())
                                || !container.networks().contains(network)))
                .toList();
        for (String network : unused) {
            try {
                driver.perform(new Step.RemoveNetwork(network), definition, after, text -> {});
            } catch (RuntimeException | InterruptedException e) {
                failure.addSuppressed(e);
            }
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
