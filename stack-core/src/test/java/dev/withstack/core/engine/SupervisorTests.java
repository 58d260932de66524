package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.PostMortem;
import dev.withstack.core.health.Answer;
import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hours of watching, in no time. In these stacks the engine watches {@code db} and {@code api}; the others are asked. */
class SupervisorTests {
    private static final List<String> WATCHED = List.of("db", "api");
    private static final Duration SLICE = Duration.ofMillis(500);

    @TempDir
    Path directory;

    private Play play;
    private boolean isInterrupted;

    @BeforeEach
    void start() {
        play = new Play(directory);
        play.engine
                .up(watched(), Selection.all(), UpOptions.DEFAULT, event -> {})
                .close();
        play.driver.forgetPerformed();
    }

    @Test
    void runWhenAServiceRunsOnceDoesNotWatchIt() {
        StackDefinition definition = StackDefinition.of("shop", Environment.DEV)
                .add(Service.image("seed", "seed:1").runsOnce())
                .build();

        assertThatCode(() -> new Supervisor(
                                play.engine, definition, List.of("seed"), UpOptions.DEFAULT, play.events::add)
                        .run())
                .doesNotThrowAnyException();

        assertThat(notices()).containsExactly("Nothing is left to watch of shop (dev).");
    }

    @Test
    void runWhenTheEngineSaysUnhealthyRestartsAfterASecondAndTellsWhoNeedsIt() {
        in(Duration.ofMinutes(1), () -> unhealthy("db"));

        watchFor(Duration.ofMinutes(5));

        assertThat(play.driver.performed()).containsExactly("stop db", "start db");
        assertThat(restarts()).containsExactly("db after 61 s: unhealthy, attempt 1");
        assertThat(notices()).containsExactly("api: db, which it needs, was restarted.");
    }

    @Test
    void runWhenAServiceRecoversByItselfInTimeLeavesIt() {
        in(Duration.ofSeconds(60), () -> unhealthy("db"));
        in(Duration.ofMillis(60_500), () -> play.driver.tell(new ContainerEvent.HealthChanged("db", "", "healthy")));

        watchFor(Duration.ofMinutes(5));

        assertThat(play.driver.performed()).isEmpty();
    }

    @Test
    void runWhenAServiceStaysUnhealthyWaitsLongerEachTimeAndGivesUpInTheEnd() {
        play.driver.before("start db", step -> play.time.submitAfter(Duration.ofSeconds(5), () -> unhealthy("db")));
        in(Duration.ofSeconds(10), () -> unhealthy("db"));

        watchFor(Duration.ofMinutes(8));

        assertThat(restarts())
                .containsExactly(
                        "db after 11 s: unhealthy, attempt 1",
                        "db after 18 s: unhealthy, attempt 2",
                        "db after 27 s: unhealthy, attempt 3",
                        "db after 40 s: unhealthy, attempt 4",
                        "db after 61 s: unhealthy, attempt 5");
        assertThat(notices()).contains("Gave up on db after 5 restarts in 10 min: unhealthy. It is needed by api.");
    }

    @Test
    void runWhenFailuresAreFarApartDoesNotGiveUp() {
        for (int hour = 1; hour <= 7; hour++) {
            in(Duration.ofHours(hour), () -> unhealthy("db"));
        }

        watchFor(Duration.ofHours(8));

        assertThat(restarts()).hasSize(7).allMatch(text -> text.endsWith("attempt 1"));
    }

    @Test
    void runWhenAServiceWithoutACheckOfItsOwnDoesNotAnswerForItsPatienceRestartsIt() {
        in(Duration.ofSeconds(5), () -> play.driver.answer("cache", () -> new Answer.NotReady("no pong")));
        play.driver.before("start cache", step -> play.driver.answer("cache", () -> Answer.READY));

        watchFor(Duration.ofMinutes(5));

        assertThat(play.driver.performed()).containsExactly("stop cache", "start cache");
        assertThat(restarts()).containsExactly("cache after 131 s: not ready for 120 s: no pong, attempt 1");
    }

    @Test
    void runWhenAnAnswerFailsNowAndThenLeavesTheServiceAlone() {
        in(Duration.ofSeconds(5), () -> play.driver.answer("cache", () -> new Answer.NotReady("busy")));
        in(Duration.ofSeconds(95), () -> play.driver.answer("cache", () -> Answer.READY));
        in(Duration.ofSeconds(105), () -> play.driver.answer("cache", () -> new Answer.NotReady("busy")));
        in(Duration.ofSeconds(205), () -> play.driver.answer("cache", () -> Answer.READY));

        watchFor(Duration.ofMinutes(10));

        assertThat(play.driver.performed()).isEmpty();
    }

    @Test
    void runWhenARestartDoesNotHelpSaysSoAndTriesAgain() {
        play.driver.refuse("start db", new IllegalStateException("no room"));
        in(Duration.ofSeconds(10), () -> unhealthy("db"));
        in(Duration.ofSeconds(12), play.driver::refuseNothing);

        watchFor(Duration.ofMinutes(5));

        assertThat(notices()).contains("db did not recover: no room");
        assertThat(restarts()).hasSize(2);
        assertThat(play.driver.running()).contains("db");
    }

    @Test
    void runWhenWhatAServiceNeedsIsUnhealthyTooRestartsThatFirst() {
        in(Duration.ofSeconds(10), () -> unhealthy("api"));
        in(Duration.ofMillis(10_500), () -> unhealthy("db"));
        play.driver.before(
                "start db", step -> play.driver.tell(new ContainerEvent.HealthChanged("api", "", "healthy")));

        watchFor(Duration.ofMinutes(5));

        assertThat(play.driver.performed()).containsExactly("stop db", "start db");
    }

    @Test
    void runWhenTheEngineTellsWhatItsCheckSaidGivesTheLastLineAsTheCause() {
        play.driver.postMortem(
                "db",
                new PostMortem(
                        "running", 0, PostMortem.Memory.ENOUGH, 0, "", "Traceback\n  line 1\nno pong\n", List.of()));
        in(Duration.ofMinutes(1), () -> unhealthy("db"));

        watchFor(Duration.ofMinutes(5));

        assertThat(restarts()).containsExactly("db after 61 s: unhealthy: no pong, attempt 1");
    }

    @Test
    void runWhenSomebodyStopsAServiceLeavesItStopped() {
        in(Duration.ofSeconds(12), () -> play.engine.stop(Play.ID, List.of("cache"), event -> {}));

        watchFor(Duration.ofMinutes(10));

        assertThat(notices())
                .containsExactly(
                        "cache ended with exit code 0. It is needed by api.",
                        "cache is stopped; it is no longer watched.");
        assertThat(play.driver.running()).doesNotContain("cache");
    }

    @Test
    void runWhenTheWholeStackIsTakenDownEnds() throws InterruptedException {
        in(Duration.ofSeconds(12), () -> play.engine.down(Play.ID, List.of(), event -> {}));

        try (Supervisor supervisor = supervisor()) {
            supervisor.run();
        }

        assertThat(notices()).endsWith("Nothing is left to watch of shop (dev).");
    }

    @Test
    void runWhenTheConnectionIsLostGetsItBack() {
        in(Duration.ofSeconds(12), () -> play.driver.tell(new ContainerEvent.WatchLost("", "", "end of stream")));
        in(Duration.ofSeconds(60), () -> unhealthy("db"));

        watchFor(Duration.ofMinutes(5));

        assertThat(notices())
                .startsWith(
                        "The connection to the engine was lost (end of stream); trying to get it back.",
                        "The connection to the engine is back.");
        assertThat(restarts()).hasSize(1);
    }

    @Test
    void closeWhenItHasWatchedListensNoMore() {
        watchFor(Duration.ofMinutes(1));

        assertThat(play.driver.watches()).isZero();
        assertThat(play.driver.isClosed()).isFalse();
    }

    private static StackDefinition watched() {
        return Play.shop()
                .map(service ->
                        WATCHED.contains(service.name()) ? service.containerCheck(ContainerCheck.of("ok")) : service);
    }

    private void unhealthy(String service) {
        play.driver.tell(new ContainerEvent.HealthChanged(service, "", "unhealthy"));
    }

    private void in(Duration pause, Runnable happening) {
        play.time.submitAfter(pause, happening);
    }

    private void watchFor(Duration duration) {
        in(duration, () -> isInterrupted = true);
        try (Supervisor supervisor = supervisor()) {
            assertThatThrownBy(supervisor::run).isInstanceOf(InterruptedException.class);
        }
    }

    private Supervisor supervisor() {
        StackDefinition definition = watched();
        return new Supervisor(
                play.engine,
                definition,
                definition.services().keySet(),
                UpOptions.DEFAULT,
                play.events::add,
                this::next);
    }

    /** Let time pass instead of waiting. */
    private Optional<ContainerEvent> next(BlockingQueue<ContainerEvent> events, Duration longest)
            throws InterruptedException {
        if (isInterrupted) {
            throw new InterruptedException();
        }
        Instant end = play.time.instant().plus(longest);
        while (events.isEmpty() && !isInterrupted && play.time.instant().isBefore(end)) {
            Duration left = Duration.between(play.time.instant(), end);
            BlockingQueue<Boolean> over = new LinkedBlockingQueue<>();
            Ongoing unused = play.time.submitAfter(left.compareTo(SLICE) < 0 ? left : SLICE, () -> over.add(true));
            play.time.await(over);
        }
        return Optional.ofNullable(events.poll());
    }

    private List<String> restarts() {
        Instant beginning = Simulation.BEGINNING;
        return play.events(StackEvent.Restarted.class).stream()
                .map(event -> event.service() + " after "
                        + Duration.between(beginning, event.at()).toSeconds() + " s: " + event.cause() + ", attempt "
                        + event.attempt())
                .toList();
    }

    private List<String> notices() {
        return play.events(StackEvent.Notice.class).stream()
                .map(StackEvent.Notice::text)
                .toList();
    }
}
