package dev.withstack.core.engine;

import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.StackId;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/** Lets changes to one stack happen one after the other, across processes too. Thread-safe. */
final class StackLocks {
    private final Path stateDirectory;
    private final Clock clock;

    StackLocks(Path stateDirectory, Clock clock) {
        this.stateDirectory = stateDirectory;
        this.clock = clock;
    }

    /** A change to one stack that has a result. */
    interface Change<T> {
        T make() throws InterruptedException;
    }

    /** A change to one stack. */
    interface Task {
        void run() throws InterruptedException;
    }

    /** Make the change while nobody else changes the stack. */
    <T> T locked(StackId id, Consumer<StackEvent> listener, Change<T> change) throws InterruptedException {
        try (StackLock lock = take(id, listener)) {
            return interruptible(change);
        }
    }

    /** Run the task while nobody else changes the stack. */
    void run(StackId id, Consumer<StackEvent> listener, Task task) throws InterruptedException {
        boolean unused = locked(id, listener, () -> {
            task.run();
            return true;
        });
    }

    /** Run the task while nobody else changes any of the stacks; the locks are taken in the order of the list. */
    void run(List<StackId> ids, Consumer<StackEvent> listener, Task task) throws InterruptedException {
        if (ids.isEmpty()) {
            task.run();
        } else {
            run(ids.get(0), listener, () -> run(ids.subList(1, ids.size()), listener, task));
        }
    }

    /**
     * Make a change that starts services.
     *
     * @throws StackInterruptedException if the calling thread is interrupted
     */
    <T> T start(StackId id, UpOptions options, Consumer<StackEvent> listener, Change<T> change) {
        try {
            return locked(id, listener, change);
        } catch (InterruptedException e) {
            throw StackInterruptedException.duringStart(e, options.onFailure());
        }
    }

    /**
     * Run a task that changes the stack otherwise.
     *
     * @throws StackInterruptedException if the calling thread is interrupted
     */
    void change(StackId id, Consumer<StackEvent> listener, Task task) {
        change(List.of(id), listener, task);
    }

    /** Do the same with several stacks. */
    void change(List<StackId> ids, Consumer<StackEvent> listener, Task task) {
        try {
            run(ids, listener, task);
        } catch (InterruptedException e) {
            throw StackInterruptedException.duringChange(e);
        }
    }

    /** Return what comes of the change; where an interrupt has ended one of the driver's calls, that is what is thrown. */
    static <T> T interruptible(Change<T> change) throws InterruptedException {
        try {
            return change.make();
        } catch (DriverException e) {
            // a call that an interrupt ended leaves the thread's flag set
            if (Thread.interrupted()) {
                InterruptedException interrupted = new InterruptedException(e.getMessage());
                interrupted.initCause(e);
                for (Throwable suppressed : e.getSuppressed()) {
                    interrupted.addSuppressed(suppressed);
                }
                throw interrupted;
            }
            throw e;
        }
    }

    /** Take the lock, telling the listener who holds it. */
    StackLock take(StackId id, Consumer<StackEvent> listener) throws InterruptedException {
        return StackLock.take(
                stateDirectory,
                id.prefix(),
                "pid " + ProcessHandle.current().pid(),
                holder -> listener.accept(new StackEvent.Notice(
                        clock.instant(), "Waiting for " + holder + ", which is changing " + id + " just now.")));
    }

    /** Forget the lock of a stack that nobody comes back to. */
    void forget(StackId id) {
        StackLock.forget(stateDirectory, id.prefix());
    }
}
