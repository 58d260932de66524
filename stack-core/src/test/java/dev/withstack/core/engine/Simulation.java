package dev.withstack.core.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.RejectedExecutionException;

/**
 * Workers without threads, in a time of their own: whoever waits for a report does the work himself, and when there is
 * none the clock jumps to the next moment at which there is. The same test takes the same way every time.
 */
final class Simulation extends Clock implements Workers {
    static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Work> agenda =
            new PriorityQueue<>(Comparator.comparing(Work::due).thenComparing(Work::number));
    private Instant now = BEGINNING;
    private int count;
    private boolean isClosed;

    /** Let this happen when so much time has passed since the beginning. */
    void at(Duration sinceBeginning, Runnable happening) {
        agenda.add(new Work(BEGINNING.plus(sinceBeginning), happening));
    }

    /** Return how much time has passed since the beginning. */
    Duration elapsed() {
        return Duration.between(BEGINNING, now);
    }

    /** Do all that is due now. */
    void doWhatIsDue() {
        for (Work next = agenda.peek(); next != null && !next.due().isAfter(now); next = agenda.peek()) {
            agenda.remove(next);
            next.work.run();
        }
    }

    @Override
    public Ongoing submit(Runnable work) {
        return submitAfter(Duration.ZERO, work);
    }

    @Override
    public Ongoing submitAfter(Duration pause, Runnable work) {
        if (isClosed) {
            throw new RejectedExecutionException("closed");
        }
        Work added = new Work(now.plus(pause), work);
        agenda.add(added);
        return added;
    }

    @Override
    public <T> T await(BlockingQueue<T> reports) throws InterruptedException {
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            T report = reports.poll();
            if (report != null) {
                return report;
            }
            Work next = agenda.poll();
            if (next == null) {
                throw new AssertionError("Nothing goes on any more: a real run would wait for ever.");
            }
            now = next.due().isAfter(now) ? next.due() : now;
            next.work.run();
        }
    }

    @Override
    public void close() {
        isClosed = true;
        agenda.clear();
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("The simulation has one time zone.");
    }

    private final class Work implements Ongoing {
        private final Instant due;
        private final Runnable work;
        private final int number = ++count;

        Work(Instant due, Runnable work) {
            this.due = due;
            this.work = work;
        }

        Instant due() {
            return due;
        }

        int number() {
            return number;
        }

        @Override
        public void cancel() {
            agenda.remove(this);
        }

        @Override
        public void awaitEnd(Duration longest) {
            if (agenda.remove(this)) {
                work.run();
            }
        }
    }
}
