package dev.withstack.launcher.command;

import dev.withstack.core.engine.StackEvent;
import dev.withstack.launcher.render.Rendering;
import dev.withstack.launcher.render.TerminalProgress;
import java.util.function.Consumer;

/** Runs something that changes a stack: with its progress on the screen, and an answer to Ctrl-C. */
final class Work {

    private Work() {}

    /** Something that takes its time and tells how it goes on. */
    @FunctionalInterface
    interface Task<T> {
        T run(Consumer<StackEvent> listener) throws InterruptedException;
    }

    /**
     * Run the task on this thread.
     *
     * @param onInterrupt what to tell at the first Ctrl-C
     */
    static <T> T run(Session session, String onInterrupt, Task<T> task) throws InterruptedException {
        Surroundings surroundings = session.surroundings();
        try (Rendering rendering = session.rendering();
                Foreground.Watch interrupts = surroundings
                        .foreground()
                        .interruptedBy(
                                () -> rendering.accept(new StackEvent.Notice(
                                        surroundings.clock().instant(), onInterrupt)),
                                () -> restore(session))) {
            return task.run(rendering);
        }
    }

    private static void restore(Session session) {
        if (session.output() == OutputMode.TTY) {
            session.console().print(TerminalProgress.restore());
        }
    }
}
