package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.FakeDriver;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.ImageUse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only real threads can show: what goes on at the same time, and what is waited for. */
@Timeout(30)
class PlanRunTests {
    private static final DriverException REFUSED =
            new DriverException(DriverException.Kind.REFUSED, "the engine says no", "");

    @TempDir
    Path state;

    private final FakeDriver driver = new FakeDriver(Clock.systemUTC());
    private final List<StackEvent> events = new CopyOnWriteArrayList<>();
    private StackEngine engine;

    @BeforeEach
    void setUp() {
        engine = new StackEngine(driver, state, Clock.systemUTC());
    }

    @AfterEach
    void tearDown() {
        engine.close();
    }

    private static StackDefinition pair() {
        return StackDefinition.of("pair", Environment.DEV)
                .add(Play.service("left"), Play.service("right"))
                .build();
    }

    private void up() {
        engine.up(pair(), Selection.all(), UpOptions.DEFAULT, events::add).close();
    }

    @Test
    void runWhenStepsDoNotWaitForEachOtherDoesThemAtTheSameTime() {
        CyclicBarrier meeting = new CyclicBarrier(2);
        driver.before("create left", step -> meet(meeting));
        driver.before("create right", step -> meet(meeting));

        up();

        assertThat(driver.running()).containsExactlyInAnyOrder("left", "right");
    }

    @Test
    void runWhenAStepFailsWaitsForACreateThatIsUnderWayAndTakesItBack() {
        CountDownLatch failed = new CountDownLatch(1);
        driver.before("create left", step -> failed.await());
        driver.before("create right", step -> {
            failed.countDown();
            throw REFUSED;
        });

        StartFailedException failure = catchThrowableOfType(StartFailedException.class, this::up);

        assertThat(failure.diagnosis().service()).isEqualTo("right");
        assertThat(driver.performed()).contains("create left").endsWith("remove left", "remove network pair-dev");
        assertThat(driver.containers()).isEmpty();
    }

    @Test
    void runWhenTwoStepsFailKeepsTheSecondFailureToo() {
        CountDownLatch failed = new CountDownLatch(1);
        driver.before("create left", step -> {
            failed.await();
            throw new IllegalStateException("and another");
        });
        driver.before("create right", step -> {
            failed.countDown();
            throw REFUSED;
        });

        StartFailedException failure = catchThrowableOfType(StartFailedException.class, this::up);

        // which of the two is heard first is not for us to say
        Throwable first = failure.getCause();
        assertThat(first.getSuppressed()).hasSize(1);
        assertThat(List.of(first, first.getSuppressed()[0]))
                .extracting(Throwable::getMessage)
                .containsExactlyInAnyOrder("create left", "create right");
    }

    @Test
    void runWhenAPullFailsInterruptsTheOthersAndWaitsUntilTheyHaveEnded() {
        for (String service : List.of("left", "right")) {
            String image = service + ":1";
            driver.image(service, new ImageUse(image, image, "", ImageUse.Standing.UPSTREAM, "", ""));
        }
        CountDownLatch pulling = new CountDownLatch(1);
        AtomicReference<String> seen = new AtomicReference<>("nothing");
        driver.before("pull image left:1", step -> {
            pulling.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                seen.set("interrupted");
            }
        });
        driver.before("pull image right:1", step -> {
            pulling.await();
            throw REFUSED;
        });

        StartFailedException failure = catchThrowableOfType(StartFailedException.class, this::up);

        assertThat(seen).hasValue("interrupted");
        assertThat(failure.diagnosis().service()).isEqualTo("right");
        assertThat(failure.getCause().getSuppressed()).isEmpty();
    }

    @Test
    void runWhenItIsInterruptedTwiceStillTakesBack() throws Exception {
        StackDefinition definition = StackDefinition.of("pair", Environment.DEV)
                .add(Play.service("left"), Play.service("right").usualBoot(Duration.ofMinutes(1)))
                .build();
        CountDownLatch creating = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        driver.before("create left", step -> {
            creating.countDown();
            goOn.await();
        });
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                engine.up(definition, Selection.all(), UpOptions.DEFAULT, events::add);
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        caller.start();
        assertThat(creating.await(15, TimeUnit.SECONDS)).isTrue();
        Awaitility.await().until(() -> driver.running().contains("right"));

        caller.interrupt();
        Awaitility.await().until(() -> !caller.isInterrupted());
        caller.interrupt();
        goOn.countDown();
        caller.join(15_000);

        assertThat(thrown.get()).isInstanceOf(StackInterruptedException.class);
        assertThat(driver.containers())
                .as("the one that ran is stopped, then removed")
                .isEmpty();
        assertThat(driver.networks()).isEmpty();
    }

    @Test
    void closeWhenAStartGoesOnEndsIt() throws Exception {
        driver.answer("left", () -> new dev.withstack.core.health.Answer.NotReady("never"));
        CountDownLatch waiting = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                engine.up(pair(), Selection.all(), UpOptions.DEFAULT, event -> {
                    if (event instanceof StackEvent.NotReady) {
                        waiting.countDown();
                    }
                });
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        caller.start();
        assertThat(waiting.await(15, TimeUnit.SECONDS)).isTrue();

        engine.close();
        caller.join(15_000);

        assertThat(thrown.get()).isInstanceOf(StartFailedException.class);
    }

    @Test
    void upWhenTwoThreadsWantTheSameStackLetsOneWaitForTheOther() throws Exception {
        CountDownLatch creating = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        driver.before("create left", step -> {
            creating.countDown();
            goOn.await();
        });
        Thread first = new Thread(this::up);
        first.start();
        assertThat(creating.await(15, TimeUnit.SECONDS)).isTrue();
        List<StackEvent> heard = new CopyOnWriteArrayList<>();
        Thread second = new Thread(() -> engine.up(pair(), Selection.all(), UpOptions.DEFAULT, heard::add)
                .close());
        second.start();

        Awaitility.await().until(() -> !heard.isEmpty());
        assertThat(heard).singleElement().isInstanceOfSatisfying(StackEvent.Notice.class, notice -> assertThat(
                        notice.text())
                .isEqualTo("Waiting for pid " + ProcessHandle.current().pid()
                        + ", which is changing pair (dev) just now."));
        goOn.countDown();
        first.join(15_000);
        second.join(15_000);

        assertThat(driver.performed()).filteredOn("create left"::equals).hasSize(1);
        assertThat(driver.running()).containsExactlyInAnyOrder("left", "right");
    }

    @Test
    void upWhenTwoThreadsWantDifferentStacksLetsThemGoOnTogether() throws Exception {
        CountDownLatch creating = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        driver.before("create left", step -> {
            creating.countDown();
            goOn.await();
        });
        Thread first = new Thread(this::up);
        first.start();
        assertThat(creating.await(15, TimeUnit.SECONDS)).isTrue();
        StackDefinition other = StackDefinition.of("other", Environment.DEV)
                .add(Play.service("alone"))
                .build();

        engine.up(other, Selection.all(), UpOptions.DEFAULT, event -> {}).close();

        assertThat(driver.running()).contains("alone");
        goOn.countDown();
        first.join(15_000);
    }

    private static void meet(CyclicBarrier meeting) {
        try {
            meeting.await(15, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the other step did not run at the same time", e);
        }
    }
}
