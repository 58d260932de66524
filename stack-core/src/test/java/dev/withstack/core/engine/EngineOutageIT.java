package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.withstack.core.catalog.Redis;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.coverage.Row;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stack whose engine is stopped, killed and started again under it. */
@Row("trouble.engine-restarts")
class EngineOutageIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    final Trial trial = new Trial();

    private SecondEngine docker;
    private StackEngine engine;
    private StackDefinition stack;

    @BeforeEach
    void bringUp() throws Exception {
        docker = SecondEngine.open();
        docker.take(TrialImages.local("redis:7-alpine"));
        engine = trial.open(TrialImages.policy(), docker.environment());
        stack = trial.stack(Redis.service("redis").data("data"));
        RunningStack running = up();
        assertThat(running.service("redis")
                        .exec(SOON, "redis-cli", "SET", "kept", "yes")
                        .exitCode())
                .isZero();
    }

    @AfterEach
    void takeDown() throws Exception {
        try {
            if (engine != null) {
                engine.destroy(stack.id(), event -> {});
                engine.close();
            }
        } finally {
            // whatever the test has left it in
            if (docker != null) {
                docker.close();
            }
        }
    }

    private RunningStack up() {
        return engine.up(stack, Selection.all(), UpOptions.DEFAULT, event -> {});
    }

    @Test
    void upWhenTheEngineWasStoppedSaysSoAndWorksAgainWithIt() throws Exception {
        docker.stop();

        DriverException refused = catchThrowableOfType(DriverException.class, this::up);
        assertThat(refused.kind()).isEqualTo(DriverException.Kind.ENGINE);
        assertThat(refused).hasMessageContaining(docker.address());

        docker.start();
        assertThat(kept(up())).isEqualTo("yes");
    }

    @Test
    void upWhenTheEngineWasKilledFindsWhatItLeftAndGoesOn() throws Exception {
        docker.kill();
        docker.start();

        assertThat(kept(up())).isEqualTo("yes");
    }

    /** Killed, which its host tells; and then cut off, which nobody does. */
    @Test
    @Row("trouble.engine-vanishes")
    void upWhenTheEngineVanishesWhileAStackStartsEndsSoonAndTheNextGoesOn() throws Exception {
        startThen(docker::kill);
        docker.start();
        try {
            startThen(() -> docker.host().cable("down"));
        } finally {
            docker.host().cable("up");
        }

        assertThat(kept(up())).isEqualTo("yes");
    }

    private interface Mishap {
        void happen() throws Exception;
    }

    /** Start a service that never becomes ready, and let the mishap happen while it is waited for. */
    private void startThen(Mishap mishap) throws Exception {
        StackDefinition waiting = stack.extend()
                .add(Redis.service("late").service().command("sleep", "1000"))
                .build();
        Queue<StackEvent> heard = new ConcurrentLinkedQueue<>();
        Queue<RuntimeException> thrown = new ConcurrentLinkedQueue<>();
        Thread starter = new Thread(() -> {
            try {
                engine.up(waiting, Selection.all(), UpOptions.DEFAULT, heard::add);
            } catch (RuntimeException e) {
                thrown.add(e);
            }
        });
        starter.start();
        Awaitility.await().atMost(SOON).until(() -> heard.stream()
                .anyMatch(event -> event instanceof StackEvent.NotReady waits
                        && waits.service().equals("late")));
        mishap.happen();
        starter.join(Duration.ofSeconds(100).toMillis());
        assertThat(starter.isAlive()).isFalse();
        assertThat(thrown).singleElement().asString().contains(docker.address());
    }

    @Test
    void superviseWhenTheEngineIsStoppedAndStartedGoesOnWatching() throws Exception {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        Thread watcher = new Thread(() -> supervise(told));
        watcher.start();
        Awaitility.await().atMost(SOON).until(() -> watcher.getState() == Thread.State.TIMED_WAITING);
        try {
            docker.stop();
            awaitTold(told, "The engine does not answer: ");
            docker.start();
            awaitTold(told, "The connection to the engine is back.");
        } finally {
            watcher.interrupt();
            watcher.join();
        }
        assertThat(kept(up())).isEqualTo("yes");
    }

    private void supervise(Queue<String> told) {
        try (Supervisor supervisor = new Supervisor(
                engine, stack, List.of("redis"), UpOptions.DEFAULT, event -> told.add(event.toString()))) {
            supervisor.run();
        } catch (InterruptedException e) {
            // the test is over
        }
    }

    private static void awaitTold(Queue<String> told, String text) {
        Awaitility.await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(told)
                .anySatisfy(line -> assertThat(line).contains(text)));
    }

    private static String kept(RunningStack running) throws Exception {
        return running.service("redis")
                .exec(SOON, "redis-cli", "GET", "kept")
                .stdout()
                .strip();
    }
}
