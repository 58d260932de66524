package dev.withstack.core.engine;

import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.InitialData;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.Planner;
import dev.withstack.core.plan.Settlement;
import dev.withstack.core.plan.Step;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** One start, from the first look to the last probe. Used once, under the stack's lock. */
final class Up {
    private final Runs runs;
    private final Driver driver;
    private final Clock clock;
    private final Selection selection;
    private final UpOptions options;
    private final Consumer<StackEvent> listener;
    private final ChosenNumbers numbers;
    private final BootMemory boots;
    private final StackDefinition asked;
    private StackDefinition definition;

    Up(
            Runs runs,
            Path stateDirectory,
            StackDefinition definition,
            Selection selection,
            UpOptions options,
            Consumer<StackEvent> listener) {
        this.runs = runs;
        this.driver = runs.driver();
        this.clock = runs.clock();
        this.selection = selection;
        this.options = options;
        this.listener = listener;
        this.numbers = new ChosenNumbers(stateDirectory, definition.id());
        this.boots = new BootMemory(stateDirectory, definition.id());
        this.asked = definition;
        StackDefinition recalled = numbers.recall(definition);
        this.definition = driver.settled(recalled, servicesOf(recalled, selection));
    }

    /**
     * What came of a start.
     *
     * @param definition with the numbers that were chosen
     */
    record Done(StackDefinition definition, Timeline timeline) {}

    /** Return what {@link #run} would do, without remembering what ports would be chosen. */
    Plan plan() {
        Observed observed = observe();
        if (mustAvoidPorts(observed)) {
            definition = numbers.avoid(definition, observed.portOwners().keySet(), driver);
            observed = observe();
        }
        definition = driver.withChecksOfImages(definition, observed);
        return planFor(observed);
    }

    /** Do the same with other numbers of replicas, by service, which are remembered if it succeeds. */
    Done run(Map<String, Integer> replicas) throws InterruptedException {
        definition = definition.scaled(replicas);
        numbers.remember(asked, definition);
        return run();
    }

    Done run() throws InterruptedException {
        try {
            return bringUp();
        } catch (InterruptedException | RuntimeException e) {
            if (options.onFailure() == UpOptions.OnFailure.ROLL_BACK) {
                numbers.takeBack();
            }
            throw e;
        }
    }

    private Done bringUp() throws InterruptedException {
        Observed observed = settled(look());
        Plan plan = planFor(options.builds() == UpOptions.Builds.EVERYTHING ? observed.unbuilt() : observed);
        if (!plan.images().steps().isEmpty()) {
            getImages(plan, observed);
            observed = look();
            plan = planFor(observed);
        }
        StackDefinition checked = driver.withChecksOfImages(definition, observed);
        if (!checked.equals(definition)) {
            definition = checked;
            plan = planFor(observed);
        }
        if (!plan.keeping().steps().isEmpty()) {
            keepInitialData(plan, observed);
            observed = ofKept(look());
            plan = planFor(observed);
        }
        if (!plan.changes().isEmpty()) {
            driver.caveat().ifPresent(text -> listener.accept(new StackEvent.Notice(clock.instant(), text)));
        }
        listener.accept(new StackEvent.Planned(clock.instant(), plan));
        Timeline timeline = start(plan, observed);
        boots.learn(timeline, plan);
        return new Done(definition, timeline);
    }

    /** What a killed update has left beside what it replaced must not be taken for more of the same. */
    private Observed settled(Observed observed) throws InterruptedException {
        Plan plan = Settlement.ofRunning(definition, observed);
        if (plan.steps().isEmpty()) {
            return observed;
        }
        runs.carryOut(definition, plan, observed, listener);
        return look();
    }

    private Observed look() {
        Observed observed = observe();
        if (mustAvoidPorts(observed)) {
            definition = numbers.avoid(definition, observed.portOwners().keySet(), driver);
            numbers.remember(asked, definition);
            return observe();
        }
        return observed;
    }

    private boolean mustAvoidPorts(Observed observed) {
        return options.ports() == UpOptions.Ports.NEXT_FREE
                && !observed.portOwners().isEmpty();
    }

    private Observed observe() {
        Observed observed = driver.observe(definition, servicesOf(definition, selection));
        if (options.newVolumes() == UpOptions.NewVolumes.AS_KEPT) {
            observed = ofKept(observed);
        }
        return options.volumes() == UpOptions.Volumes.ADOPTED ? adopting(definition.id(), observed) : observed;
    }

    /** Return the same without the initial data that is not kept. */
    private static Observed ofKept(Observed observed) {
        Map<String, InitialData> kept = new LinkedHashMap<>(observed.initialDatas());
        kept.values().removeIf(data -> !data.isKept());
        return observed.withInitialDatas(kept);
    }

    private static Set<String> servicesOf(StackDefinition definition, Selection selection) {
        return selection instanceof Selection.Only
                ? new LinkedHashSet<>(selection.names(definition))
                : definition.closure(selection.names(definition));
    }

    private static Observed adopting(StackId id, Observed observed) {
        Map<String, Observed.Volume> adopted = new LinkedHashMap<>();
        observed.volumes()
                .forEach((name, volume) -> adopted.put(
                        name,
                        volume.owner().isEmpty()
                                ? new Observed.Volume(name, Planner.ownerOf(id), volume.lineage())
                                : volume));
        return observed.withVolumes(adopted);
    }

    private Plan planFor(Observed observed) {
        List<String> names = selection.names(definition);
        return selection instanceof Selection.Only
                ? Planner.upOnly(definition, names, observed)
                : Planner.up(definition, names, observed);
    }

    private void getImages(Plan plan, Observed observed) throws InterruptedException {
        Plan images = plan.images();
        listener.accept(new StackEvent.Planned(clock.instant(), images));
        try {
            runs.follow(prepare(images, observed));
        } catch (StepFailedException e) {
            throw told(failureOf(e, prepare(plan, observed)));
        }
    }

    /** What is done to begin sooner does not keep anybody from beginning. */
    private void keepInitialData(Plan plan, Observed observed) throws InterruptedException {
        Plan keeping = plan.keeping();
        listener.accept(new StackEvent.Planned(clock.instant(), keeping));
        try {
            runs.follow(prepare(keeping, observed));
        } catch (StepFailedException e) {
            String reason =
                    new FailureReport(driver, definition, Set.of()).of(e).cause();
            listener.accept(new StackEvent.Notice(
                    clock.instant(), "Can't " + e.step().step().text() + ": " + reason));
        }
    }

    private Timeline start(Plan plan, Observed before) throws InterruptedException {
        PlanRun run = prepare(plan, before);
        try (Driver.Watch watch = driver.watch(definition.id(), run::happened)) {
            return runs.follow(run);
        } catch (StepFailedException e) {
            StartFailedException failure = failureOf(e, run);
            if (e.step().step() instanceof Step.RemoveReplaced removal) {
                listener.accept(new StackEvent.Notice(
                        clock.instant(),
                        "The container that '" + removal.service() + "' had before can't be removed: "
                                + failure.diagnosis().cause() + " The next start tries again."));
                return run.timeline();
            }
            takeBack(before, run, told(failure));
            throw failure;
        } catch (InterruptedException | RuntimeException | Error e) {
            takeBack(before, run, e);
            throw e;
        }
    }

    private PlanRun prepare(Plan plan, Observed observed) {
        return runs.prepare(plan, definition, observed, boots.recall(plan), options.patience(), listener);
    }

    private StartFailedException failureOf(StepFailedException failure, PlanRun run) {
        Diagnosis diagnosis = new FailureReport(driver, definition, run.heldBack()).of(failure);
        return new StartFailedException(diagnosis, failure);
    }

    /** Tell the listener; what it throws must not keep us from taking back. */
    private StartFailedException told(StartFailedException failure) {
        try {
            listener.accept(new StackEvent.Failed(clock.instant(), failure.diagnosis()));
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    private void takeBack(Observed before, PlanRun run, Throwable failure) {
        if (options.onFailure() == UpOptions.OnFailure.KEEP || run.isReady()) {
            return;
        }
        // an interrupt that came while the run wound down is no reason to leave half of it
        boolean wasInterrupted = Thread.interrupted();
        try {
            new TakeBack(runs, definition, before, run, listener).run(failure);
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
