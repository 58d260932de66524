package dev.withstack.core.engine;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that an engine works with: a bounded number for calls that block, and one that only watches the clock,
 * so that no thread sits in a wait. Thread-safe; closed by the engine that made it.
 */
final class Workers implements AutoCloseable {
    /** Each blocked call holds one; more calls than this at once wait for their turn. */
    private static final int MOST_THREADS = 32;

    private final ExecutorService pool;
    private final ScheduledExecutorService clock;

    Workers() {
        ThreadPoolExecutor bounded = new ThreadPoolExecutor(
                MOST_THREADS,
                MOST_THREADS,
                5,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                daemons("withstack-worker"));
        bounded.allowCoreThreadTimeOut(true);
        this.pool = bounded;
        this.clock = Executors.newSingleThreadScheduledExecutor(daemons("withstack-clock"));
    }

    Future<?> submit(Runnable task) {
        return pool.submit(task);
    }

    void execute(Runnable task) {
        pool.execute(task);
    }

    /** Run the task on a worker after the pause. */
    void submitAfter(Duration pause, Runnable task) {
        Future<?> unused = clock.schedule(() -> pool.execute(task), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Wait until the task has ended, however it ended, but not longer than given. */
    static void awaitQuietly(Future<?> task, Duration longest) {
        boolean interrupted = false;
        try {
            task.get(Math.max(1, longest.toMillis()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (ExecutionException | CancellationException | TimeoutException e) {
            // how it ended has been reported by the task itself
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        pool.shutdownNow();
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
