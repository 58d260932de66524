package dev.withstack.launcher.command;

import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.engine.StackEvent;
import dev.withstack.core.model.Service;
import dev.withstack.core.plan.Step;
import dev.withstack.launcher.console.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Brings images of a stack, and tells what came of each: what {@code pull} and {@code build} share. */
final class BringImages {
    private final Session session;
    private final String done;
    private final Map<String, String> lastWords = new LinkedHashMap<>();

    /**
     * @param services none named means all
     * @param done what is done with them, for messages
     * @param have tells whether a service has such an image
     */
    BringImages(Session session, List<String> services, String done, Predicate<Service> have) {
        this.session = session;
        this.done = done;
        Map<String, Service> all = session.definition().servicesWithBase();
        for (String service : services) {
            if (!have.test(all.get(service))) {
                throw CommandFailedException.usage("'" + service + "' has no image that is " + done + "; these have: "
                        + String.join(
                                ", ",
                                all.values().stream()
                                        .filter(have)
                                        .map(Service::name)
                                        .toList())
                        + ".");
            }
        }
    }

    /** One call of the engine. */
    interface Change {
        void make(StackEngine engine, Consumer<StackEvent> listener);
    }

    void bring(Change change) throws InterruptedException {
        Work.run(session, Work.Interrupted.STOPS_HALFWAY, listener -> {
            change.make(session.engine(), event -> {
                note(event);
                listener.accept(event);
            });
            return ExitCode.OK;
        });
        lastWords.forEach(this::tell);
    }

    private void note(StackEvent event) {
        if (event instanceof StackEvent.StepStarted started) {
            lastWords.put(serviceOf(started.step().step()), done);
        } else if (event instanceof StackEvent.StepProgress progress
                && progress.step().step() instanceof Step.PullImage) {
            lastWords.put(serviceOf(progress.step().step()), progress.text());
        }
    }

    private static String serviceOf(Step step) {
        return ((Step.OfService) step).service();
    }

    private void tell(String service, String words) {
        switch (session.output()) {
            case QUIET -> {}
            case JSON -> session.console().line(JsonText.of(Map.of("event", "result", "text", service + ": " + words)));
            case AUTO, PLAIN, TTY -> session.console().line(service + ": " + words);
        }
    }
}
