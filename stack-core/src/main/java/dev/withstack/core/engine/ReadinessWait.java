package dev.withstack.core.engine;

import dev.withstack.core.health.Answer;
import dev.withstack.core.health.ProbeTarget;
import dev.withstack.core.health.Prober;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.NetworkAddresses;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Asks a service's probe until it is ready, hopeless, or out of patience. Holds a thread only while it asks; between
 * two questions it is a task of the clock. Cancelling the future ends it.
 */
final class ReadinessWait {
    private final Service service;
    private final ProbeTarget target;
    private final Prober prober;
    private final Duration patience;
    private final Workers workers;
    private final Clock clock;
    private final Consumer<String> reasons;
    private final Consumer<Optional<StepFailure>> whenDone;
    private final CompletableFuture<Void> future = new CompletableFuture<>();
    private final Instant beginning;
    private String lastReason = "";
    private int attempts;

    ReadinessWait(
            Service service,
            ProbeTarget target,
            StackDefinition definition,
            Duration patience,
            Workers workers,
            Clock clock,
            Consumer<String> reasons,
            Consumer<Optional<StepFailure>> whenDone) {
        this.service = service;
        this.target = target;
        this.prober = new Prober(new NetworkAddresses(definition));
        this.patience = patience;
        this.workers = workers;
        this.clock = clock;
        this.reasons = reasons;
        this.whenDone = whenDone;
        this.beginning = clock.instant();
    }

    CompletableFuture<Void> begin() {
        workers.execute(this::attempt);
        return future;
    }

    private void attempt() {
        if (future.isDone()) {
            return;
        }
        try {
            handle(prober.ask(service, target));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            finish(Optional.of(new StepFailure.Broken(e)));
        }
    }

    private void handle(Answer answer) {
        if (answer instanceof Answer.Ready) {
            finish(Optional.empty());
        } else if (answer instanceof Answer.Hopeless hopeless) {
            finish(Optional.of(new StepFailure.Hopeless(hopeless.reason(), hopeless.fix())));
        } else if (Duration.between(beginning, clock.instant()).compareTo(patience) >= 0) {
            finish(Optional.of(new StepFailure.TimedOut(patience, answer.text())));
        } else {
            if (!answer.text().equals(lastReason)) {
                lastReason = answer.text();
                reasons.accept(lastReason);
            }
            workers.submitAfter(Prober.pause(service, attempts++), this::attempt);
        }
    }

    private void finish(Optional<StepFailure> failure) {
        if (future.complete(null)) {
            whenDone.accept(failure);
        }
    }
}
