package dev.withstack.core.engine;

import dev.withstack.core.data.Shares;
import dev.withstack.core.model.Share;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Plan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Brings up what is selected of a stack, and before it what that needs of the stack's base. Used under the stack's lock. */
final class Starts {
    private final Runs runs;
    private final StackLocks locks;
    private final Path stateDirectory;

    Starts(Runs runs, StackLocks locks, Path stateDirectory) {
        this.runs = runs;
        this.locks = locks;
        this.stateDirectory = stateDirectory;
    }

    /** Return the definition, and that of its base, with the numbers chosen earlier. */
    StackDefinition recalled(StackDefinition definition) {
        return ChosenNumbers.recalled(stateDirectory, definition);
    }

    /** Say what {@link #up} would do. */
    Plan plan(StackDefinition definition, Selection selection, UpOptions options) {
        StackDefinition running = recalled(definition);
        Plan ofBase = selection
                .ofBase(running)
                .map(chosen -> prepare(definition.base().orElseThrow(), chosen, options, event -> {})
                        .plan())
                .orElse(new Plan(List.of(), List.of()));
        return selection
                .own(running)
                .map(own -> ofBase.then(
                        prepare(definition, own, options, event -> {}).plan()))
                .orElse(ofBase);
    }

    Up.Done up(StackDefinition definition, Selection selection, UpOptions options, Consumer<StackEvent> listener)
            throws InterruptedException {
        tellUnfinishedRestores(definition.id(), listener);
        StartWatch watch = new StartWatch(listener);
        Optional<Up.Done> base = upNeedsOfBase(definition, selection, options, watch);
        StackDefinition onBase = base.map(Up.Done::definition)
                .or(() -> definition.base().map(this::recalled))
                .map(definition::on)
                .orElse(definition);
        Optional<Selection> own = selection.own(recalled(definition));
        Up.Done done = own.isPresent()
                ? prepare(onBase, own.get(), options, watch).run()
                : new Up.Done(recalled(onBase), Timeline.NOTHING);
        Timeline timeline = base.map(Up.Done::timeline).orElse(Timeline.NOTHING).then(done.timeline());
        finish(definition.id(), timeline, watch);
        return new Up.Done(done.definition(), timeline);
    }

    /** Who starts an application on data that is neither the old nor the new has to know. */
    private void tellUnfinishedRestores(StackId id, Consumer<StackEvent> listener) {
        for (UnfinishedRestore restore : UnfinishedRestore.of(stateDirectory, id)) {
            listener.accept(
                    new StackEvent.Notice(runs.clock().instant(), restore.text() + " To do: " + restore.fix() + "."));
        }
    }

    /** Run other numbers of replicas, by service, on a base that is left as it is. */
    Up.Done scale(
            StackDefinition definition, Map<String, Integer> replicas, UpOptions options, Consumer<StackEvent> listener)
            throws InterruptedException {
        Selection selection = new Selection.WithNeeds(List.copyOf(replicas.keySet()));
        StackDefinition onBase =
                definition.base().map(this::recalled).map(definition::on).orElse(definition);
        StartWatch watch = new StartWatch(listener);
        Up.Done done = prepare(onBase, selection, options, watch).run(replicas);
        finish(definition.id(), done.timeline(), watch);
        return done;
    }

    /**
     * Bring up what is needed of the base, and in it what is the stack's own. The lock of an environment is taken before
     * that of its base, and the base's is given back before the environment's own services are started: two environments
     * wait for each other only as long as the base is changed.
     */
    private Optional<Up.Done> upNeedsOfBase(
            StackDefinition definition, Selection selection, UpOptions options, Consumer<StackEvent> listener)
            throws InterruptedException {
        Optional<Selection> chosen = selection.ofBase(recalled(definition));
        if (chosen.isEmpty()) {
            return Optional.empty();
        }
        StackDefinition base = definition.base().orElseThrow();
        Up.Done done = upBase(base, chosen.get(), options, listener);
        makeShares(definition, done.timeline().entries().keySet(), listener);
        return Optional.of(done);
    }

    /** Bring up what is selected of a base, under the base's own lock. */
    Up.Done upBase(StackDefinition base, Selection selection, UpOptions options, Consumer<StackEvent> listener)
            throws InterruptedException {
        return locks.locked(base.id(), listener, () -> prepare(base, selection, options, listener)
                .run());
    }

    private void makeShares(StackDefinition definition, Set<String> running, Consumer<StackEvent> listener)
            throws InterruptedException {
        for (Share made : new Shares(runs.driver(), definition).make(share -> running.contains(share.service()))) {
            listener.accept(new StackEvent.Notice(runs.clock().instant(), "Made the " + made.text() + "."));
        }
    }

    private void finish(StackId id, Timeline timeline, StartWatch watch) {
        new StartMemory(stateDirectory, id).remember(watch.times(timeline));
        watch.accept(new StackEvent.Finished(runs.clock().instant(), timeline));
    }

    private Up prepare(
            StackDefinition definition, Selection selection, UpOptions options, Consumer<StackEvent> listener) {
        return new Up(runs, stateDirectory, definition, selection, options, listener);
    }
}
