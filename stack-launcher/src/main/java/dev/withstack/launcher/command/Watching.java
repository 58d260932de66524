package dev.withstack.launcher.command;

import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.StackEvent;
import dev.withstack.core.engine.Supervisor;
import dev.withstack.launcher.render.PlainProgress;
import dev.withstack.launcher.render.Rendering;
import java.util.List;
import java.util.function.Consumer;

/** Stays with a running stack and restarts what stays unhealthy, until Ctrl-C; the stack goes on without us. */
final class Watching {
    private final Session session;
    private final List<String> services;
    private final UpSwitches switches;

    /** @param services those to watch, of the stack's own */
    Watching(Session session, List<String> services, UpSwitches switches) {
        this.session = session;
        this.services = services;
        this.switches = switches;
    }

    /** Watch what a start has brought up. */
    static Watching of(Session session, RunningStack stack, UpSwitches switches) {
        return new Watching(
                session,
                stack.timeline().entries().keySet().stream()
                        .filter(stack.definition().services()::containsKey)
                        .toList(),
                switches);
    }

    ExitCode run() throws InterruptedException {
        String name = session.id().toString();
        String leaving =
                "Leaving " + name + " to itself: it goes on running, and the engine restarts what dies. Stop it with: "
                        + session.surroundings().program() + " stop "
                        + session.called()
                        + " --env " + session.environment().id();
        try (Rendering rendering = rendering();
                Foreground.Watch interrupts =
                        session.surroundings().foreground().interruptedBy(() -> tell(rendering, leaving), () -> {})) {
            tell(rendering, "Watching " + name + "; Ctrl-C leaves it running.");
            watch(rendering);
            return ExitCode.INTERRUPTED;
        }
    }

    private void watch(Consumer<StackEvent> listener) {
        try (Supervisor supervisor = new Supervisor(
                session.engine(), switches.applied(session.definition()), services, switches.options(), listener)) {
            supervisor.run();
        } catch (InterruptedException e) {
            // Ctrl-C: the way to leave
        }
    }

    private void tell(Consumer<StackEvent> listener, String text) {
        listener.accept(new StackEvent.Notice(session.surroundings().clock().instant(), text));
    }

    /** A table drawn in place is of no use over hours: what happens is told in lines. */
    private Rendering rendering() {
        return session.output() == OutputMode.TTY ? new PlainProgress(session.console()) : session.rendering();
    }
}
