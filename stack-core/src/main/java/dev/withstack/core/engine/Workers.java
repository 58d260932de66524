package dev.withstack.core.engine;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;

/** Where the engine has its work done, and what it tells the time with. Implementations are thread-safe. */
interface Workers extends AutoCloseable {

    /**
     * Do the work beside the caller. The work itself reports how it ended.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the workers were closed
     */
    Ongoing submit(Runnable work);

    /**
     * Do the work beside the caller after the pause, in which no thread waits.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the workers were closed
     */
    Ongoing submitAfter(Duration pause, Runnable work);

    /** Wait for the next report of what goes on. */
    <T> T await(BlockingQueue<T> reports) throws InterruptedException;

    /** Interrupt what goes on; what has not begun never will. */
    @Override
    void close();
}
