package dev.withstack.launcher.render;

import dev.withstack.core.engine.StackEvent;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.PlannedStep;
import dev.withstack.core.plan.Step;
import dev.withstack.launcher.console.Console;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One line an event, with the time since the first: for logs, pipes and CI. */
public final class PlainProgress implements Rendering {
    private static final Set<String> USUAL_CAUSES = Set.of("not found", "not present", "stop", "down");
    private static final Duration BETWEEN_PROGRESS = Duration.ofSeconds(2);

    private final Console console;
    private final Map<Integer, Instant> lastProgress = new HashMap<>();
    private final Set<String> unchanged = new HashSet<>();
    private Duration latest = Duration.ZERO;
    private @Nullable Instant beginning;

    public PlainProgress(Console console) {
        this.console = console;
    }

    @Override
    public synchronized void accept(StackEvent event) {
        if (beginning == null) {
            beginning = event.at();
        }
        if (event instanceof StackEvent.Planned planned) {
            planned.plan().notes().forEach(note -> say(event, "note: " + note));
            noteUnchanged(planned.plan());
        } else if (event instanceof StackEvent.StepStarted started) {
            Step step = started.step().step();
            if (step instanceof Step.PullImage
                    || step instanceof Step.BuildImage
                    || step instanceof Step.KeepInitialData
                    || step instanceof Step.Prepare) {
                say(event, step.text() + causeText(started.step()));
            }
        } else if (event instanceof StackEvent.StepProgress progress) {
            sayProgress(progress);
        } else if (event instanceof StackEvent.StepDone completed) {
            if (!(completed.step().step() instanceof Step.AwaitReady)) {
                say(event, doneText(completed));
            }
        } else if (event instanceof StackEvent.NotReady notReady) {
            say(event, notReady.service() + ": " + notReady.reason());
        } else if (event instanceof StackEvent.Ready ready) {
            if (!unchanged.contains(ready.service())) {
                say(event, ready.service() + " is ready");
            }
        } else if (event instanceof StackEvent.Notice notice) {
            say(event, notice.text());
        } else if (event instanceof StackEvent.Failed failed) {
            say(event, failed.diagnosis().service() + " failed; taking back what was begun");
        } else if (event instanceof StackEvent.RolledBack back) {
            say(event, RestartText.ofRollBack(back));
        } else if (event instanceof StackEvent.Restarted restarted) {
            say(event, RestartText.of(restarted));
        }
    }

    @Override
    public void close() {
        console.flush();
    }

    private void sayProgress(StackEvent.StepProgress progress) {
        Instant last = lastProgress.get(progress.step().number());
        if (last == null || Duration.between(last, progress.at()).compareTo(BETWEEN_PROGRESS) >= 0) {
            lastProgress.put(progress.step().number(), progress.at());
            say(progress, progress.step().step().text() + ": " + progress.text());
        }
    }

    private static String doneText(StackEvent.StepDone completed) {
        Step step = completed.step().step();
        boolean isLong = completed.took().compareTo(Duration.ofMillis(100)) >= 0;
        return step.text() + causeText(completed.step()) + (isLong ? " took " + Times.text(completed.took()) : "");
    }

    /** That a thing was not there yet is no news. */
    private static String causeText(PlannedStep planned) {
        return USUAL_CAUSES.contains(planned.cause()) ? "" : " (" + planned.cause() + ")";
    }

    private void noteUnchanged(Plan plan) {
        unchanged.clear();
        for (PlannedStep planned : plan.steps()) {
            if (planned.step() instanceof Step.AwaitReady await
                    && planned.after().isEmpty()) {
                unchanged.add(await.service());
            }
        }
    }

    private void say(StackEvent event, String text) {
        Duration elapsed = Duration.between(beginning == null ? event.at() : beginning, event.at());
        // events come from several threads, and may overtake each other by a moment
        latest = elapsed.compareTo(latest) > 0 ? elapsed : latest;
        console.line("%8s  %s".formatted(Times.text(latest), text));
    }
}
