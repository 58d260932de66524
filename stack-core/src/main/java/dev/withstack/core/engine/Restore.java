package dev.withstack.core.engine;

import dev.withstack.core.data.Restoration;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.DownPlanner;
import dev.withstack.core.plan.Observed;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Lets data that has been proven take the place of what is there, while those that use it are stopped. Whatever becomes
 * of it, also when the thread is interrupted, what was stopped goes on. Used once, under the stack's lock.
 */
final class Restore {
    private final Runs runs;
    private final Driver driver;
    private final Starts starts;
    private final StackDefinition definition;
    private final Restoration restoration;
    private final Path backup;
    private final RestoreMemory memory;
    private final Consumer<StackEvent> listener;

    /**
     * @param backup the directory that it comes from
     * @param memory remembers what is not in place yet, for whoever comes after a kill
     */
    Restore(
            Runs runs,
            Starts starts,
            StackDefinition definition,
            Restoration restoration,
            Path backup,
            RestoreMemory memory,
            Consumer<StackEvent> listener) {
        this.runs = runs;
        this.driver = runs.driver();
        this.starts = starts;
        this.definition = definition;
        this.restoration = restoration;
        this.backup = backup;
        this.memory = memory;
        this.listener = listener;
    }

    void run() throws InterruptedException {
        List<String> removed = restoration.withoutContainer();
        List<String> paused = running(Stream.concat(users(restoration.services()).stream(), removed.stream())
                .distinct()
                .toList());
        try {
            makeWay(paused, removed);
            memory.begin(backup, runs.clock().instant(), restoration.services());
            restoration.putInPlace(memory::end);
        } catch (InterruptedException e) {
            throw undone(e, paused);
        } catch (RuntimeException e) {
            throw undone(e, paused);
        }
        goOn(paused);
    }

    private void makeWay(List<String> paused, List<String> removed) throws InterruptedException {
        if (!paused.isEmpty()) {
            runs.takeAway(definition.id(), observed -> DownPlanner.stop(observed, paused), listener);
        }
        if (!removed.isEmpty()) {
            runs.takeAway(definition.id(), observed -> DownPlanner.remove(observed, removed, List.of()), listener);
        }
    }

    /** Remove what is not in place yet, and let all go on; an interrupt is no reason to leave half of that. */
    private <F extends Exception> F undone(F failure, List<String> paused) {
        boolean wasInterrupted = Thread.interrupted();
        try {
            goOn(paused);
        } catch (InterruptedException | RuntimeException e) {
            failure.addSuppressed(e);
        }
        F told = restoration.discardAfter(failure);
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
        return told;
    }

    private void goOn(List<String> services) throws InterruptedException {
        if (!services.isEmpty()) {
            starts.up(definition, new Selection.WithNeeds(services), UpOptions.DEFAULT, listener);
        }
    }

    /**
     * Return the stack's own services that need one of the others, directly or not. Processes of this host are not among
     * them: they belong to the launcher that started them, and would end with this one.
     */
    private List<String> users(Collection<String> others) {
        StackDefinition recalled = starts.recalled(definition);
        Set<String> affected = new LinkedHashSet<>(others);
        affected.addAll(Removal.ownAffected(recalled, others));
        return recalled.services().keySet().stream()
                .filter(name -> !others.contains(name))
                .filter(name -> !(recalled.service(name).source() instanceof Source.Process))
                .filter(name -> recalled.closure(List.of(name)).stream().anyMatch(affected::contains))
                .toList();
    }

    private List<String> running(List<String> services) {
        Observed observed = driver.observe(definition.id());
        return services.stream().filter(observed::isRunning).toList();
    }
}
