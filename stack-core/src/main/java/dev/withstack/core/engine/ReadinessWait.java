package dev.withstack.core.engine;

import dev.withstack.core.health.Answer;
import dev.withstack.core.health.ProbeTarget;
import dev.withstack.core.health.Prober;
import dev.withstack.core.model.Service;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a service's probe until it is ready, hopeless, or out of patience. Holds a thread only while it asks; between
 * two questions it is a task of the clock. Patience ends on time even if a question gets no answer at all.
 */
final class ReadinessWait implements Ongoing {
    private final Service service;
    private final ProbeTarget target;
    private final Prober prober;
    private final Duration patience;
    private final Workers workers;
    private final Consumer<String> reasons;
    private final Consumer<Optional<StepFailure>> whenDone;

    private @Nullable Ongoing question;
    private @Nullable Ongoing limit;
    private String lastReason = "";
    private int attempts;
    private boolean isOver;

    /**
     * @param reasons is told why the service is not ready, whenever the reason changes
     * @param whenDone is told once how it ended, unless it was cancelled
     */
    ReadinessWait(
            Service service,
            ProbeTarget target,
            Prober prober,
            Duration patience,
            Workers workers,
            Consumer<String> reasons,
            Consumer<Optional<StepFailure>> whenDone) {
        this.service = service;
        this.target = target;
        this.prober = prober;
        this.patience = patience;
        this.workers = workers;
        this.reasons = reasons;
        this.whenDone = whenDone;
    }

    /** Begin with a service that may have been running for long. */
    synchronized ReadinessWait begin() {
        limit = workers.submitAfter(patience, this::outOfPatience);
        question = workers.submit(this::ask);
        return this;
    }

    /** Begin with a service that was just started. */
    synchronized ReadinessWait beginAfterStart() {
        Duration pause = Prober.firstPause(service);
        if (pause.isZero()) {
            return begin();
        }
        limit = workers.submitAfter(patience, this::outOfPatience);
        question = workers.submitAfter(pause, this::ask);
        attempts = 1;
        return this;
    }

    private void ask() {
        try {
            take(prober.ask(service, target));
        } catch (InterruptedException | RuntimeException | Error e) {
            finish(Optional.of(new StepFailure.Broken(e)));
        }
    }

    private synchronized void take(Answer answer) {
        if (isOver) {
            return;
        }
        if (answer instanceof Answer.Ready) {
            finish(Optional.empty());
        } else if (answer instanceof Answer.Hopeless hopeless) {
            finish(Optional.of(new StepFailure.Hopeless(hopeless.reason(), hopeless.fix())));
        } else {
            if (!answer.text().equals(lastReason)) {
                lastReason = answer.text();
                reasons.accept(lastReason);
            }
            question = workers.submitAfter(Prober.pause(service, attempts++), this::ask);
        }
    }

    private synchronized void outOfPatience() {
        finish(Optional.of(new StepFailure.TimedOut(
                patience, lastReason.isEmpty() ? "none: it did not answer at all" : lastReason)));
    }

    private synchronized void finish(Optional<StepFailure> failure) {
        if (!isOver) {
            cancel();
            whenDone.accept(failure);
        }
    }

    /** End it without a result: nothing is reported any more. */
    @Override
    public synchronized void cancel() {
        isOver = true;
        if (limit != null) {
            limit.cancel();
        }
        if (question != null) {
            question.cancel();
        }
    }

    /** Return at once: a question that is still being asked changes nothing, and its answer is not heard. */
    @Override
    public void awaitEnd(Duration longest) {}
}
