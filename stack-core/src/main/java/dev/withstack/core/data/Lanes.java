package dev.withstack.core.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Does several things at once, of which none depends on another: a server that has to write each to its disk is not waited
 * for one by one. Used by one thread, which is kept waiting while all lanes are taken. Closing waits for what is under way.
 */
final class Lanes implements AutoCloseable {
    private static final int LANES = 4;

    private final Semaphore free = new Semaphore(LANES);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** Something to do. */
    interface Task {
        void run() throws IOException;
    }

    /** @throws IOException that of the first that has failed so far; nothing is begun then */
    void run(Task task) throws IOException {
        try {
            free.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        try {
            rethrow();
            Thread lane = new Thread(() -> runIn(task), "withstack-lane");
            lane.setDaemon(true);
            lane.start();
        } catch (IOException | RuntimeException e) {
            free.release();
            throw e;
        }
    }

    private void runIn(Task task) {
        try {
            task.run();
        } catch (IOException | RuntimeException | Error e) {
            if (!failure.compareAndSet(null, e)) {
                keep(e);
            }
        } finally {
            free.release();
        }
    }

    private void keep(Throwable later) {
        Throwable first = failure.get();
        if (first != null && first != later) {
            first.addSuppressed(later);
        }
    }

    /** Once: what closes this while it is thrown would be told the same again. */
    private void rethrow() throws IOException {
        Throwable first = failure.getAndSet(null);
        if (first instanceof IOException failed) {
            throw failed;
        } else if (first instanceof RuntimeException failed) {
            throw failed;
        } else if (first instanceof Error failed) {
            throw failed;
        }
    }

    /** @throws IOException that of the first that has failed */
    @Override
    public void close() throws IOException {
        free.acquireUninterruptibly(LANES);
        free.release(LANES);
        rethrow();
    }
}
