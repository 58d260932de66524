package dev.withstack.launcher.command;

import dev.withstack.core.engine.StackEvent;
import dev.withstack.core.engine.StackInterruptedException;
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
     * What is said when Ctrl-C ends it.
     *
     * @param atOnce when it is pressed
     * @param inTheEnd when the work has come to rest
     */
    record Interrupted(String atOnce, String inTheEnd) {
        static final Interrupted TAKES_BACK = new Interrupted(
                "Taking back what was begun; press Ctrl-C again to force.",
                "Interrupted; what had been begun was taken back.");
        static final Interrupted KEEPS = new Interrupted(
                "Leaving what was begun as it is; press Ctrl-C again to force.",
                "Interrupted; what had been begun was kept, as --keep asks.");
        static final Interrupted STOPS_HALFWAY = new Interrupted(
                "Finishing what is under way; press Ctrl-C again to force.",
                "Interrupted halfway; the same command again does the rest.");
    }

    /**
     * Run the task on this thread.
     *
     * @param words what to tell at the first Ctrl-C, and when it has ended by that
     */
    static <T> T run(Session session, Interrupted words, Task<T> task) throws InterruptedException {
        Surroundings surroundings = session.surroundings();
        try (Rendering rendering = session.rendering();
                Foreground.Watch interrupts = surroundings
                        .foreground()
                        .interruptedBy(
                                () -> rendering.accept(new StackEvent.Notice(
                                        surroundings.clock().instant(), words.atOnce())),
                                () -> restore(session))) {
            return task.run(rendering);
        } catch (StackInterruptedException e) {
            CommandFailedException ended = new CommandFailedException(ExitCode.INTERRUPTED, words.inTheEnd());
            ended.initCause(e);
            throw ended;
        }
    }

    private static void restore(Session session) {
        if (session.output() == OutputMode.TTY) {
            session.console().print(TerminalProgress.restore());
        }
    }
}
