package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PooledWorkersTests {
    private static final Duration LONG = Duration.ofSeconds(15);

    private final PooledWorkers workers = new PooledWorkers();
    private final LinkedBlockingQueue<String> reports = new LinkedBlockingQueue<>();

    @AfterEach
    void tearDown() {
        workers.close();
    }

    @Test
    void submitWhenCalledWorksBesideTheCaller() throws Exception {
        workers.submit(() -> reports.add(Thread.currentThread().getName()));

        assertThat(workers.await(reports)).startsWith("withstack-worker-");
    }

    @Test
    void submitAfterWhenThePauseIsOverWorks() throws Exception {
        workers.submitAfter(Duration.ofMillis(1), () -> reports.add("done"));

        assertThat(workers.await(reports)).isEqualTo("done");
    }

    @Test
    void cancelWhenWorkGoesOnInterruptsItAndAwaitEndWaitsForItsRealEnd() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean hasEnded = new AtomicBoolean();
        Ongoing work = workers.submit(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                hasEnded.set(true);
            }
        });
        assertThat(begun.await(15, TimeUnit.SECONDS)).isTrue();

        work.cancel();
        work.awaitEnd(LONG);

        assertThat(hasEnded).isTrue();
    }

    @Test
    void cancelWhenWorkHasNotBegunKeepsItFromBeginning() throws Exception {
        Ongoing work = workers.submitAfter(Duration.ofHours(1), () -> reports.add("never"));

        work.cancel();
        work.awaitEnd(LONG);

        assertThat(reports).isEmpty();
    }

    @Test
    void cancelWhenWorkHasEndedDoesNotInterruptWhatTheThreadDoesNext() throws Exception {
        Ongoing first = workers.submit(() -> reports.add("first"));
        first.awaitEnd(LONG);
        first.cancel();

        workers.submit(
                () -> reports.add("interrupted: " + Thread.currentThread().isInterrupted()));

        assertThat(workers.await(reports)).isEqualTo("first");
        assertThat(workers.await(reports)).isEqualTo("interrupted: false");
    }

    @Test
    void awaitEndWhenItLastsTooLongReturns() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Ongoing work = workers.submit(() -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        work.awaitEnd(Duration.ofMillis(1));
        work.awaitEnd(Duration.ofMillis(-5));

        end.countDown();
        work.awaitEnd(LONG);
    }

    @Test
    void submitWhenWorkThrowsEndsItAllTheSame() throws Exception {
        Ongoing work = workers.submit(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {});
            throw new IllegalStateException("unforeseen");
        });

        work.awaitEnd(LONG);
        workers.submit(() -> reports.add("and the next"));

        assertThat(workers.await(reports)).isEqualTo("and the next");
    }

    @Test
    void closeWhenCalledTakesNoMoreWork() {
        workers.close();

        assertThatThrownBy(() -> workers.submit(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> workers.submitAfter(Duration.ZERO, () -> {}))
                .isInstanceOf(RejectedExecutionException.class);
    }
}
