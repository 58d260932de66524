package dev.withstack.core.engine;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A bounded number of threads for calls that block, and one that only watches the clock. */
final class PooledWorkers implements Workers {
    /** Each blocked call holds one; more calls than this at once wait for their turn. */
    private static final int MOST_THREADS = 32;

    private final ThreadPoolExecutor pool;
    private final ScheduledThreadPoolExecutor clock;

    PooledWorkers() {
        this.pool = new ThreadPoolExecutor(
                MOST_THREADS,
                MOST_THREADS,
                5,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                daemons("withstack-worker"));
        pool.allowCoreThreadTimeOut(true);
        this.clock = new ScheduledThreadPoolExecutor(1, daemons("withstack-clock"));
        clock.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Ongoing submit(Runnable work) {
        Task task = new Task(work);
        pool.execute(task);
        return task;
    }

    @Override
    public Ongoing submitAfter(Duration pause, Runnable work) {
        Task task = new Task(work);
        task.scheduled = clock.schedule(() -> pool.execute(task), pause.toNanos(), TimeUnit.NANOSECONDS);
        return task;
    }

    @Override
    public <T> T await(BlockingQueue<T> reports) throws InterruptedException {
        return reports.take();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        pool.shutdownNow();
    }

    /** One piece of work. A future would count as done when it is cancelled, though its thread goes on. */
    private static final class Task implements Runnable, Ongoing {
        private final Runnable work;
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile @Nullable ScheduledFuture<?> scheduled;
        private @Nullable Thread thread;
        private boolean isCancelled;

        Task(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (!begin()) {
                return;
            }
            try {
                work.run();
            } finally {
                end();
            }
        }

        private synchronized boolean begin() {
            thread = isCancelled ? null : Thread.currentThread();
            return !isCancelled;
        }

        private synchronized void end() {
            thread = null;
            // the thread's next task is not the one that was cancelled
            Thread.interrupted();
            ended.countDown();
        }

        @Override
        public synchronized void cancel() {
            ScheduledFuture<?> waiting = scheduled;
            if (waiting != null) {
                waiting.cancel(false);
            }
            isCancelled = true;
            if (thread != null) {
                thread.interrupt();
            } else {
                ended.countDown();
            }
        }

        @Override
        public void awaitEnd(Duration longest) throws InterruptedException {
            // how it ended has been reported by the work itself, and that it did not end in time by nobody
            boolean unused = ended.await(Math.max(1, longest.toMillis()), TimeUnit.MILLISECONDS);
        }
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
