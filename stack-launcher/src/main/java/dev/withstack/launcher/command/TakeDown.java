package dev.withstack.launcher.command;

import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.engine.StackEvent;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Share;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Planner;
import dev.withstack.launcher.console.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Takes a stack down by what the engine shows of it, so that it works whatever has become of its definition. Only what
 * an environment keeps in servers of a base can't be told without.
 */
final class TakeDown {
    private final Session session;
    private final List<String> services;
    private final Reach reach;
    private Images images = Images.STAY;

    /** @param words the services as they were named; none means all */
    TakeDown(Session session, List<String> words, Reach reach) {
        this.session = session;
        this.services = words.stream()
                .flatMap(word -> meant(session, word).stream())
                .distinct()
                .toList();
        this.reach = reach;
    }

    /** One that is not there just now stands for itself. */
    private static List<String> meant(Session session, String word) {
        List<String> there = session.observed().meant(word);
        return there.isEmpty() ? List.of(word) : there;
    }

    /** How much is taken down. */
    enum Reach {
        ENVIRONMENT,
        BASE_TOO
    }

    /** What becomes of the images that were built of the stack's services. */
    private enum Images {
        STAY,
        GO
    }

    /** Return what runs, needs one of the services, and is not among them. */
    private List<String> dependants() {
        return observed().containers().values().stream()
                .filter(container -> !container.isDown() && !services.contains(container.service()))
                .filter(container -> container.needs().stream().anyMatch(services::contains))
                .map(Observed.Container::service)
                .toList();
    }

    /** Let the images go too that were built of the stack's services. */
    void withImages() {
        images = Images.GO;
    }

    ExitCode stop() throws InterruptedException {
        check();
        boolean isUp = observed().containers().values().stream()
                .filter(container -> services.isEmpty() || services.contains(container.service()))
                .anyMatch(container -> !container.isDown());
        if (!isUp) {
            return nothing("nothing to stop");
        }
        List<String> without = dependants();
        run((engine, listener) -> engine.stop(session.id(), services, listener), StackEngine::stopBase);
        if (!without.isEmpty()) {
            session.remark(
                    String.join(", ", without) + " needs what was stopped, and goes on without it. Stop it too with: "
                            + session.surroundings().program() + " stop " + String.join(" ", without));
        }
        return done("stopped");
    }

    ExitCode down() throws InterruptedException {
        check();
        boolean isThere = !observed().containers().isEmpty()
                || !observed().aside().isEmpty()
                || !observed().networks().isEmpty();
        if (!isThere) {
            removeImages();
            return nothing("nothing to remove");
        }
        run((engine, listener) -> engine.down(session.id(), services, listener), StackEngine::downBase);
        removeImages();
        return done("removed; its volumes are kept");
    }

    ExitCode destroy(Loss.Consent consent) throws InterruptedException {
        if (!services.isEmpty()) {
            throw CommandFailedException.usage("--volumes takes the whole stack away. For "
                    + String.join(", ", services) + " alone use: reset " + String.join(" ", services));
        }
        check();
        List<String> losses = losses();
        if (losses.isEmpty()) {
            return down();
        }
        return isAgreed(losses, consent) ? destroyAll() : ExitCode.OK;
    }

    /** Take it away with its data, if there is any and that is agreed to; return whether a start may begin afresh. */
    boolean clean(Loss.Consent consent) throws InterruptedException {
        List<String> losses = losses();
        if (losses.isEmpty() && observed().containers().isEmpty()) {
            return true;
        }
        if (!losses.isEmpty() && !isAgreed(losses, consent)) {
            return false;
        }
        destroyAll();
        session.forgetObserved();
        return true;
    }

    private boolean isAgreed(List<String> losses, Loss.Consent consent) {
        return new Loss(session, consent).isAgreed("This removes " + subject() + " with all its data:", losses);
    }

    private ExitCode destroyAll() throws InterruptedException {
        StackId id = session.id();
        boolean keepsDataInBase = session.profile().hasBase() && reach == Reach.ENVIRONMENT;
        run(
                keepsDataInBase
                        ? (engine, listener) -> engine.destroy(session.definition(), listener)
                        : (engine, listener) -> engine.destroy(id, listener),
                StackEngine::destroyBase);
        removeImages();
        return done("removed, its data too");
    }

    /** Return what of it is data that goes for good. */
    private List<String> losses() {
        List<String> losses = new ArrayList<>(volumes(session.observed(), session.id()));
        if (reach == Reach.BASE_TOO) {
            losses.addAll(volumes(session.observedBase(), session.baseId()));
        } else if (!session.observedBase().volumes().isEmpty()) {
            session.engine().sharesOf(session.definition(), List.of()).stream()
                    .map(Share::text)
                    .forEach(losses::add);
        }
        return losses;
    }

    private static List<String> volumes(Observed observed, StackId id) {
        return observed.volumes().values().stream()
                .filter(volume -> volume.owner().equals(Planner.ownerOf(id)))
                .map(volume -> "volume " + volume.name())
                .toList();
    }

    private Observed observed() {
        return reach == Reach.BASE_TOO ? session.observedWithBase() : session.observed();
    }

    private interface Change {
        void make(StackEngine engine, Consumer<StackEvent> listener);
    }

    private interface BaseChange {
        void make(StackEngine engine, StackId base, Consumer<StackEvent> listener);
    }

    private void run(Change ofEnvironment, BaseChange ofBase) throws InterruptedException {
        Work.run(session, Work.Interrupted.STOPS_HALFWAY, listener -> {
            ofEnvironment.make(session.engine(), listener);
            if (reach == Reach.BASE_TOO) {
                ofBase.make(session.engine(), session.baseId(), listener);
            }
            return ExitCode.OK;
        });
    }

    private void removeImages() {
        if (images == Images.GO) {
            session.driver()
                    .removeBuiltImages(session.id().stack())
                    .forEach(image -> say("Removed the image " + image + "."));
        }
    }

    private void check() {
        if (reach == Reach.BASE_TOO) {
            checkBase();
        }
        List<String> there = List.copyOf(session.observed().containers().keySet());
        for (String service : services) {
            if (session.observedBase().container(service).isPresent()) {
                throw CommandFailedException.usage(
                        "'" + service
                                + "' belongs to the base, which all environments share. The whole base goes with --base, when no other environment uses it.");
            } else if (!there.contains(service)) {
                // it may be one that is not there just now
                session.words().services(List.of(service));
            }
        }
    }

    /** Find out before anything is touched whether the base may go. */
    private void checkBase() {
        if (!session.profile().hasBase()) {
            throw CommandFailedException.usage(
                    session.profile().name() + " has no base: its environments share nothing.");
        }
        if (!services.isEmpty()) {
            throw CommandFailedException.usage(
                    "--base takes the whole environment along: leave " + String.join(", ", services) + " out.");
        }
        List<Environment> others = session.others();
        if (!others.isEmpty()) {
            String names =
                    String.join(" and ", others.stream().map(Environment::id).toList());
            throw new CommandFailedException(
                    ExitCode.FAILED,
                    "The base of " + session.profile().name() + " is used by " + names
                            + ", so it stays. Nothing was touched. Take "
                            + (others.size() == 1 ? "it" : "them") + " down first, for example with: "
                            + session.surroundings().program() + " down "
                            + session.profile().name() + " --env "
                            + others.get(0).id());
        }
    }

    private ExitCode nothing(String what) {
        say(session.id() + (services.isEmpty() ? "" : ": " + String.join(", ", services)) + " is not running; " + what
                + ".");
        return ExitCode.OK;
    }

    private ExitCode done(String what) {
        say((services.isEmpty() ? subject() : String.join(", ", services)) + " is " + what + ".");
        return ExitCode.OK;
    }

    private String subject() {
        return session.id() + (reach == Reach.BASE_TOO ? " with its base" : "");
    }

    private void say(String text) {
        switch (session.output()) {
            case QUIET -> {}
            case JSON -> session.console().line(JsonText.of(Map.of("event", "result", "text", text)));
            case AUTO, PLAIN, TTY -> session.console().line(text);
        }
    }
}
