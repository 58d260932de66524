package dev.withstack.core.engine;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.DownPlanner;
import dev.withstack.core.plan.Observed;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Stops services and brings them up again, with those that are restarted together with them. Used under the stack's lock. */
final class Restart {
    private final Runs runs;
    private final Driver driver;
    private final StackLocks locks;
    private final Starts starts;

    Restart(Runs runs, StackLocks locks, Starts starts) {
        this.runs = runs;
        this.driver = runs.driver();
        this.locks = locks;
        this.starts = starts;
    }

    Up.Done run(StackDefinition definition, Selection named, UpOptions options, Consumer<StackEvent> listener)
            throws InterruptedException {
        StackDefinition running = starts.recalled(definition);
        Selection selection = named.with(followers(named, running));
        Optional<Selection> own = selection.own(running);
        if (own.isPresent()) {
            List<String> names = own.get().names(running);
            runs.takeAway(definition.id(), observed -> DownPlanner.pause(observed, names), listener);
            forgetEnds(running, own.get(), listener);
        }
        Optional<Selection> ofBase = selection.namedOfBase(running);
        if (ofBase.isPresent()) {
            StackId base = definition.base().orElseThrow().id();
            List<String> names = ofBase.get().named();
            locks.run(
                    base,
                    listener,
                    () -> runs.takeAway(base, observed -> DownPlanner.pause(observed, names), listener));
        }
        return starts.up(definition, selection, options, listener);
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
            if (follows && observed.isRunning(name) && restarted.add(name)) {
                followers.add(name);
            }
        }
        return followers;
    }

    /** What has run to its end is left alone by a start, but not when a restart names it. */
    private void forgetEnds(StackDefinition definition, Selection selection, Consumer<StackEvent> listener)
            throws InterruptedException {
        List<String> oneShots = selection.named().stream()
                .flatMap(name -> definition.meant(name).stream())
                .filter(name -> definition.service(name).isOneShot())
                .toList();
        if (!oneShots.isEmpty()) {
            runs.takeAway(definition.id(), observed -> DownPlanner.remove(observed, oneShots, List.of()), listener);
        }
    }
}
