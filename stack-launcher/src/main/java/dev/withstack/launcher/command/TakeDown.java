package dev.withstack.launcher.command;

import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Observed;
import dev.withstack.launcher.console.JsonText;
import java.util.List;
import java.util.Map;

/** Takes a stack down by what the engine shows of it, so that it works whatever has become of its definition. */
final class TakeDown {
    private final Session session;
    private final List<String> services;

    TakeDown(Session session, List<String> services) {
        this.session = session;
        this.services = services;
    }

    ExitCode stop() throws InterruptedException {
        check();
        boolean isUp = session.observed().containers().values().stream()
                .filter(container -> services.isEmpty() || services.contains(container.service()))
                .anyMatch(container -> !container.isDown());
        if (!isUp) {
            return nothing("nothing to stop");
        }
        Work.run(session, Work.Interrupted.STOPS_HALFWAY, listener -> {
            session.engine().stop(session.id(), services, listener);
            return ExitCode.OK;
        });
        return done("stopped");
    }

    ExitCode down() throws InterruptedException {
        check();
        boolean isThere = !session.observed().containers().isEmpty()
                || !session.observed().aside().isEmpty()
                || !session.observed().networks().isEmpty();
        if (!isThere) {
            return nothing("nothing to remove");
        }
        Work.run(session, Work.Interrupted.STOPS_HALFWAY, listener -> {
            session.engine().down(session.id(), services, listener);
            return ExitCode.OK;
        });
        return done("removed; its volumes are kept");
    }

    ExitCode destroy(Loss.Consent consent) throws InterruptedException {
        if (!services.isEmpty()) {
            throw CommandFailedException.usage("--volumes takes the whole stack away. For "
                    + String.join(", ", services) + " alone use: reset " + String.join(" ", services));
        }
        Observed observed = session.observed();
        StackId id = session.id();
        List<String> volumes = observed.volumes().values().stream()
                .filter(volume -> volume.owner()
                        .equals(id.stack() + "/" + id.environment().id()))
                .map(volume -> "volume " + volume.name())
                .toList();
        if (volumes.isEmpty()) {
            return down();
        }
        if (!new Loss(session, consent).isAgreed("This removes " + id + " with all its data:", volumes)) {
            return ExitCode.OK;
        }
        Work.run(session, Work.Interrupted.STOPS_HALFWAY, listener -> {
            session.engine().destroy(id, listener);
            return ExitCode.OK;
        });
        return done("removed, its data too");
    }

    private void check() {
        List<String> there = List.copyOf(session.observed().containers().keySet());
        for (String service : services) {
            if (!there.contains(service)) {
                // it may be one that is not there just now
                session.services(List.of(service));
            }
        }
    }

    private ExitCode nothing(String what) {
        say(session.id() + (services.isEmpty() ? "" : ": " + String.join(", ", services)) + " is not running; " + what
                + ".");
        return ExitCode.OK;
    }

    private ExitCode done(String what) {
        say((services.isEmpty() ? session.id().toString() : String.join(", ", services)) + " is " + what + ".");
        return ExitCode.OK;
    }

    private void say(String text) {
        switch (session.output()) {
            case QUIET -> {}
            case JSON -> session.console().line(JsonText.of(Map.of("event", "result", "text", text)));
            case AUTO, PLAIN, TTY -> session.console().line(text);
        }
    }
}
