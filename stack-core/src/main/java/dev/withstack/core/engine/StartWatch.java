package dev.withstack.core.engine;

import dev.withstack.core.plan.PlannedStep;
import dev.withstack.core.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes the times of one start, those of the stack's base included, while its events pass through to the listener. */
final class StartWatch implements Consumer<StackEvent> {
    private final Consumer<StackEvent> listener;
    private final Map<String, Instant> imagesBegun = new LinkedHashMap<>();
    private final Map<String, Instant> imagesDone = new LinkedHashMap<>();
    private final Map<String, Instant> begun = new LinkedHashMap<>();
    private final Map<String, Instant> ready = new LinkedHashMap<>();
    private final Set<String> started = new LinkedHashSet<>();
    private @Nullable Instant began;

    StartWatch(Consumer<StackEvent> listener) {
        this.listener = listener;
    }

    @Override
    public void accept(StackEvent event) {
        note(event);
        listener.accept(event);
    }

    private void note(StackEvent event) {
        if (event instanceof StackEvent.Planned && began == null) {
            began = event.at();
        } else if (event instanceof StackEvent.StepStarted step) {
            noteBegin(step.step(), step.at());
        } else if (event instanceof StackEvent.StepDone step
                && isOfImage(step.step().step())) {
            imagesDone.put(serviceOf(step.step()), step.at());
        } else if (event instanceof StackEvent.Ready done) {
            ready.put(done.service(), done.at());
        }
    }

    private void noteBegin(PlannedStep planned, Instant at) {
        if (isOfImage(planned.step())) {
            imagesBegun.putIfAbsent(serviceOf(planned), at);
        } else if (planned.step() instanceof Step.StartContainer start) {
            started.add(start.service());
            begun.put(start.service(), at);
        } else if (planned.step() instanceof Step.AwaitReady await) {
            begun.putIfAbsent(await.service(), at);
        }
    }

    private static boolean isOfImage(Step step) {
        return step instanceof Step.PullImage || step instanceof Step.BuildImage;
    }

    private static String serviceOf(PlannedStep planned) {
        return ((Step.OfService) planned.step()).service();
    }

    /**
     * Return the times of the start that has come to its end.
     *
     * @param timeline says what each service waited for
     */
    StartTimes times(Timeline timeline) {
        Instant from = began == null ? Instant.EPOCH : began;
        Map<String, StartTimes.Span> images = new LinkedHashMap<>();
        imagesDone.forEach((service, done) -> images.put(
                service,
                new StartTimes.Span(
                        Duration.between(from, imagesBegun.getOrDefault(service, done)),
                        Duration.between(from, done))));
        Map<String, Timeline.Entry> entries = new LinkedHashMap<>();
        Duration total = Duration.ZERO;
        for (Timeline.Entry entry : timeline.entries().values()) {
            Duration readyAt = Duration.between(from, ready.getOrDefault(entry.service(), from));
            Duration startedAt = Duration.between(from, begun.getOrDefault(entry.service(), from));
            entries.put(entry.service(), new Timeline.Entry(entry.service(), entry.waitedFor(), startedAt, readyAt));
            total = readyAt.compareTo(total) > 0 ? readyAt : total;
        }
        return new StartTimes(from, images, started, new Timeline(entries, total));
    }
}
