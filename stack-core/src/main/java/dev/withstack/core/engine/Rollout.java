package dev.withstack.core.engine;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.Problem;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.PlanRefusedException;
import dev.withstack.core.plan.Planner;
import dev.withstack.core.plan.Replacement;
import dev.withstack.core.plan.Replacement.Ending;
import dev.withstack.core.plan.Replacement.Move;
import dev.withstack.core.plan.Settlement;
import dev.withstack.core.plan.Step;
import dev.withstack.core.plan.WayBack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Replaces what runs of a stack by a new version while it is used, and goes back. Each move is carried out whole or taken
 * back; the first that fails ends it. Used once, under the stack's lock.
 */
final class Rollout {
    /** Going back and then forward is enough for whatever an earlier one left. */
    private static final int MOST_ROUNDS = 4;

    private final Runs runs;
    private final Driver driver;
    private StackDefinition definition;
    private final Set<String> services;
    private final UpOptions options;
    private final Consumer<StackEvent> listener;
    private final Consumer<List<String>> whenMoved;
    private final BootMemory boots;
    private Timeline timeline = Timeline.NOTHING;

    /**
     * @param definition with the numbers and images chosen earlier
     * @param services those that are meant
     * @param whenMoved is told of the services of each move as soon as they are replaced
     */
    Rollout(
            Runs runs,
            Path stateDirectory,
            StackDefinition definition,
            Collection<String> services,
            UpOptions options,
            Consumer<StackEvent> listener,
            Consumer<List<String>> whenMoved) {
        this.runs = runs;
        this.driver = runs.driver();
        this.services = new LinkedHashSet<>(services);
        this.definition = driver.settled(definition, services);
        this.options = options;
        this.listener = listener;
        this.whenMoved = whenMoved;
        this.boots = new BootMemory(stateDirectory, definition.id());
    }

    StackDefinition definition() {
        return definition;
    }

    Timeline timeline() {
        return timeline;
    }

    /** Say what {@link #replace} would do, as far as it can be told before images are there. */
    Plan plan(Ending ending, List<String> before) {
        Observed observed = observe();
        Replacement replacement = new Replacement(
                definition,
                options.builds() == UpOptions.Builds.EVERYTHING ? observed.unbuilt() : observed,
                ending,
                before);
        Planner.check(definition, replacement.due(services).keySet(), observed);
        Plan plan = Settlement.ofAll(definition, observed).then(replacement.images(services));
        for (Move move : replacement.moves(services)) {
            plan = plan.then(move.plan());
        }
        return plan;
    }

    /**
     * Make the services that run what they should be.
     *
     * @param before a command as {@link Deployment#before}
     * @return those that were replaced
     * @throws StartFailedException at the first move that fails, after taking that one back
     */
    List<String> replace(Ending ending, List<String> before) throws InterruptedException {
        settle();
        getImages();
        definition = driver.withChecksOfImages(definition, observe());
        List<String> moved = new ArrayList<>();
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Observed observed = observe();
            Replacement replacement = new Replacement(definition, observed, ending, before);
            Planner.check(definition, replacement.due(services).keySet(), observed);
            List<Move> moves = replacement.moves(services);
            if (moves.isEmpty()) {
                break;
            }
            for (int next = 0; next < moves.size(); next++) {
                try {
                    carryOut(moves.get(next));
                } catch (StartFailedException e) {
                    tellWhatRuns(moved, moves.subList(next, moves.size()));
                    throw e;
                }
                moved.addAll(moves.get(next).services());
                whenMoved.accept(moves.get(next).services());
            }
            if (ending == Ending.KEPT) {
                break;
            }
        }
        return moved;
    }

    /**
     * Go back to what is kept, of all that are meant: those behind an entry first, as the others follow them.
     *
     * @return the images that run again, by the name of the service as it is declared
     * @throws PlanRefusedException if nothing is kept
     */
    Map<String, String> goBack() throws InterruptedException {
        settle();
        Observed observed = observe();
        Map<String, Observed.Container> kept = new LinkedHashMap<>(observed.kept());
        kept.keySet().retainAll(services);
        if (kept.isEmpty()) {
            throw new PlanRefusedException(
                    "There is no way back",
                    List.of(new Problem(
                            definition.id().toString(),
                            "keeps no version from before: deploy keeps one, until the next update or down.",
                            "Deploy the version that you want.")));
        }
        back(WayBack.behindEntries(definition, observed), observed);
        Observed then = observe();
        back(WayBack.ofFollowers(definition, then), then);
        Map<String, String> images = new LinkedHashMap<>();
        kept.forEach((service, container) -> {
            ImageUse image = container.image();
            boolean isBuilt = image.standing() == ImageUse.Standing.BUILT;
            images.put(definition.service(service).declaredName(), isBuilt ? "" : image.asked());
        });
        return images;
    }

    private void back(Plan plan, Observed observed) throws InterruptedException {
        if (plan.steps().isEmpty()) {
            return;
        }
        listener.accept(new StackEvent.Planned(runs.clock().instant(), plan));
        PlanRun run = prepare(plan, observed);
        try (Driver.Watch watch = driver.watch(definition.id(), run::happened)) {
            timeline = timeline.then(runs.follow(run));
        } catch (StepFailedException e) {
            StartFailedException failure = told(e, run);
            if (!run.isReady()) {
                undo(observed, failure);
            }
            throw failure;
        }
    }

    private void undo(Observed before, StartFailedException failure) throws InterruptedException {
        Observed after = observe();
        try {
            follow(WayBack.undone(definition, after, before.kept().keySet()), after);
        } catch (StepFailedException e) {
            failure.addSuppressed(e);
        }
    }

    /** Finish or undo what a killed launcher has left. */
    private void settle() throws InterruptedException {
        Observed observed = observe();
        Plan plan = Settlement.ofAll(definition, observed);
        if (!plan.steps().isEmpty()) {
            runs.carryOut(definition, plan, observed, listener);
        }
    }

    private void getImages() throws InterruptedException {
        Observed observed = observe();
        Plan images = new Replacement(
                        definition,
                        options.builds() == UpOptions.Builds.EVERYTHING ? observed.unbuilt() : observed,
                        Ending.REMOVED)
                .images(services);
        if (!images.steps().isEmpty()) {
            runs.carryOut(definition, images, observed, listener);
        }
    }

    private void carryOut(Move move) throws InterruptedException {
        Observed before = observe();
        listener.accept(new StackEvent.Planned(runs.clock().instant(), move.plan()));
        PlanRun run = prepare(move.plan(), before);
        try (Driver.Watch watch = driver.watch(definition.id(), run::happened)) {
            Timeline took = runs.follow(run);
            boots.learn(took, move.plan());
            timeline = timeline.then(took);
        } catch (StepFailedException e) {
            if (e.step().step() instanceof Step.RemoveReplaced removal) {
                say("The container that '" + removal.service()
                        + "' had before can't be removed. The next update tries again.");
                return;
            }
            StartFailedException failure = told(e, run);
            takeBack(before, run, failure);
            throw failure;
        } catch (InterruptedException | RuntimeException | Error e) {
            takeBack(before, run, e);
            throw e;
        }
    }

    /** Once the entry leads to the new one, or it is ready where there is no entry, the move is as good as done. */
    private void takeBack(Observed before, PlanRun run, Throwable failure) {
        if (run.isReady() || options.onFailure() == UpOptions.OnFailure.KEEP) {
            return;
        }
        boolean wasInterrupted = Thread.interrupted();
        try {
            new TakeBack(runs, definition, before, run, listener).run(failure);
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private StartFailedException told(StepFailedException failed, PlanRun run) {
        StartFailedException failure =
                new StartFailedException(new FailureReport(driver, definition, run.heldBack()).of(failed), failed);
        try {
            listener.accept(new StackEvent.Failed(runs.clock().instant(), failure.diagnosis()));
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    private void tellWhatRuns(List<String> moved, List<Move> rest) {
        List<String> old =
                rest.stream().flatMap(move -> move.services().stream()).toList();
        say("It stopped there. Still as before: " + String.join(", ", old) + ". New: "
                + (moved.isEmpty() ? "none" : String.join(", ", moved))
                + ". Mend what is wrong and repeat the command to go on; to go back, repeat it with what was before.");
    }

    private void say(String text) {
        listener.accept(new StackEvent.Notice(runs.clock().instant(), text));
    }

    private void follow(Plan plan, Observed observed) throws InterruptedException, StepFailedException {
        Timeline unused = runs.follow(prepare(plan, observed));
    }

    private PlanRun prepare(Plan plan, Observed observed) {
        return runs.prepare(plan, definition, observed, boots.recall(plan), options.patience(), listener);
    }

    private Observed observe() {
        return driver.observe(definition, services);
    }
}
