package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.driver.FakeDriver;
import dev.withstack.core.health.Answer;
import dev.withstack.core.health.Prober;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ReadinessWaitTests {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Simulation time = new Simulation();
    private final FakeDriver driver = new FakeDriver(time);
    private final List<String> reasons = new ArrayList<>();
    private final LinkedBlockingQueue<Optional<StepFailure>> outcomes = new LinkedBlockingQueue<>();

    @Test
    void beginWhenReadyAtOnceAsksOnce() throws Exception {
        begin(time);

        assertThat(time.await(outcomes)).isEmpty();
        assertThat(time.elapsed()).isZero();
        assertThat(reasons).isEmpty();
    }

    @Test
    void beginWhenNotReadyAsksAgainMoreAndMoreSlowly() throws Exception {
        List<Duration> asked = new ArrayList<>();
        driver.answer("db", () -> {
            asked.add(time.elapsed());
            return asked.size() < 4 ? new Answer.NotReady("not yet") : Answer.READY;
        });

        begin(time);

        assertThat(time.await(outcomes)).isEmpty();
        assertThat(asked)
                .containsExactly(Duration.ZERO, Duration.ofMillis(100), Duration.ofMillis(205), Duration.ofMillis(315));
    }

    @Test
    void beginWhenPatienceEndsGivesTheLastAnswer() throws Exception {
        driver.answer(
                "db",
                () -> new Answer.NotReady(
                        time.elapsed().compareTo(Duration.ofSeconds(5)) < 0 ? "refused" : "starting up"));

        begin(time);

        assertThat(time.await(outcomes)).contains(new StepFailure.TimedOut(PATIENCE, "starting up"));
        assertThat(time.elapsed()).isEqualTo(PATIENCE);
        assertThat(reasons).containsExactly("refused", "starting up");
    }

    @Test
    void beginWhenItHasEndedAsksNoMore() throws Exception {
        driver.answer("db", () -> new Answer.NotReady("never"));
        begin(time);
        time.await(outcomes);
        driver.answer("db", () -> {
            throw new AssertionError("asked after the end");
        });

        time.at(Duration.ofHours(1), () -> outcomes.add(Optional.empty()));

        assertThat(time.await(outcomes)).isEmpty();
    }

    @Test
    void cancelWhenItGoesOnReportsNothingAnyMore() throws Exception {
        driver.answer("db", () -> new Answer.NotReady("not yet"));
        ReadinessWait wait = begin(time);
        time.at(Duration.ofSeconds(1), wait::cancel);
        time.at(Duration.ofHours(1), () -> outcomes.add(Optional.of(new StepFailure.Hopeless("the end", ""))));

        assertThat(time.await(outcomes)).contains(new StepFailure.Hopeless("the end", ""));
        wait.awaitEnd(Duration.ZERO);
    }

    @Test
    void beginWhenTheWorkersAreClosedBetweenTwoQuestionsFails() throws Exception {
        driver.answer("db", () -> {
            time.close();
            return new Answer.NotReady("not yet");
        });

        begin(time);

        assertThat(time.await(outcomes).orElseThrow()).isInstanceOf(StepFailure.Broken.class);
    }

    @Test
    @Timeout(20)
    void beginWhenAQuestionGetsNoAnswerEndsOnTimeAllTheSame() throws Exception {
        CountDownLatch asking = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        driver.answer("db", () -> {
            asking.countDown();
            blockUntilInterrupted();
            interrupted.countDown();
            return Answer.READY;
        });
        try (HandTimed workers = new HandTimed()) {
            begin(workers);
            assertThat(asking.await(15, TimeUnit.SECONDS)).isTrue();

            workers.timePasses();

            assertThat(outcomes.poll(15, TimeUnit.SECONDS))
                    .contains(new StepFailure.TimedOut(PATIENCE, "none: it did not answer at all"));
            assertThat(interrupted.await(15, TimeUnit.SECONDS))
                    .as("the question is given up")
                    .isTrue();
        }
    }

    @Test
    @Timeout(20)
    void beginWhenTheWorkersAreClosedWhileItAsksFails() throws Exception {
        CountDownLatch asking = new CountDownLatch(1);
        PooledWorkers workers = new PooledWorkers();
        Service service = Play.service("db");
        new ReadinessWait(
                        service,
                        new InterruptedTarget(asking),
                        new Prober(FakeAddresses.NONE),
                        PATIENCE,
                        workers,
                        reasons::add,
                        outcomes::add)
                .begin();
        assertThat(asking.await(15, TimeUnit.SECONDS)).isTrue();

        workers.close();

        assertThat(outcomes.poll(15, TimeUnit.SECONDS))
                .hasValueSatisfying(failure -> assertThat(failure).isInstanceOf(StepFailure.Broken.class));
    }

    private ReadinessWait begin(Workers workers) {
        Service service = Play.service("db");
        return new ReadinessWait(
                        service,
                        driver.target(Play.shop(), service),
                        new Prober(FakeAddresses.NONE),
                        PATIENCE,
                        workers,
                        reasons::add,
                        outcomes::add)
                .begin();
    }

    private static void blockUntilInterrupted() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // what the test waits for
        }
    }

    private static final class FakeAddresses {
        static final dev.withstack.core.model.AddressBook NONE = (service, endpoint) -> {
            throw new IllegalStateException("no addresses here");
        };
    }

    /** Real threads, and a clock that goes when a test says so. */
    private static final class HandTimed implements Workers {
        private final PooledWorkers threads = new PooledWorkers();
        private final List<Runnable> later = new ArrayList<>();

        void timePasses() {
            later.forEach(Runnable::run);
        }

        @Override
        public Ongoing submit(Runnable work) {
            return threads.submit(work);
        }

        @Override
        public Ongoing submitAfter(Duration pause, Runnable work) {
            later.add(work);
            return new Ongoing() {
                @Override
                public void cancel() {}

                @Override
                public void awaitEnd(Duration longest) {}
            };
        }

        @Override
        public <T> T await(BlockingQueue<T> reports) throws InterruptedException {
            return reports.take();
        }

        @Override
        public void close() {
            threads.close();
        }
    }

    /** Asks until it is interrupted, as a command in a container does. */
    private record InterruptedTarget(CountDownLatch asking) implements dev.withstack.core.health.ProbeTarget {
        @Override
        public HostAndPort address(String endpoint) {
            throw new AssertionError("not asked");
        }

        @Override
        public Answer run(List<String> command, Duration timeout) throws InterruptedException {
            asking.countDown();
            new CountDownLatch(1).await();
            return Answer.READY;
        }

        @Override
        public Answer askItself() {
            throw new AssertionError("not asked");
        }

        @Override
        public Duration uptime() {
            throw new AssertionError("not asked");
        }
    }
}
