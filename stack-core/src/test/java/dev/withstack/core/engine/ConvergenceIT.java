package dev.withstack.core.engine;

import static dev.withstack.core.engine.Trial.idle;
import static dev.withstack.core.engine.Trial.web;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.coverage.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever was done to a stack behind our back, an up brings it to what it should be, and touches nothing else. */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class ConvergenceIT {

    @RegisterExtension
    final Trial trial = new Trial();

    private final Service db = web("db", 200).probe(Probe.http("/"));
    private final Service api = web("api", 200).probe(Probe.http("/")).needs(db);

    @Test
    @Row("trouble.removed-by-hand")
    void upWhenAContainerWasRemovedByHandMakesItAnewAndTouchesNothingElse() {
        StackDefinition stack = trial.stack(db, api);
        trial.up(stack);
        String before = trial.identity("api");
        trial.docker("rm", "-f", trial.container("db"));

        trial.up(stack);

        assertThat(trial.changes()).containsExactly("create db: not found", "start db: not found");
        assertThat(trial.identity("api")).isEqualTo(before);
    }

    @Test
    void upWhenContainersWereStoppedKilledOrRenamedByHandPutsThatRight() {
        Service cache = idle("cache");
        StackDefinition stack = trial.stack(db, api, cache);
        trial.up(stack);
        trial.docker("stop", "-t", "0", trial.container("db"));
        trial.docker("kill", trial.container("api"));
        trial.docker("rename", trial.container("cache"), trial.name() + "-elsewhere");

        trial.up(stack);

        assertThat(trial.changes())
                .containsExactlyInAnyOrder(
                        "start db: exited 137",
                        "start api: exited 137",
                        "stop cache: renamed to '" + trial.name() + "-elsewhere'",
                        "set cache aside: renamed to '" + trial.name() + "-elsewhere'",
                        "create cache: renamed to '" + trial.name() + "-elsewhere'",
                        "start cache: renamed to '" + trial.name() + "-elsewhere'",
                        "remove replaced cache: all is ready");
        assertThat(trial.leftovers()).hasSize(4);
        trial.up(stack);
        assertThat(trial.changes()).isEmpty();
    }

    @Test
    void upWhenUnusedNetworksWerePrunedWhileAllWasStoppedStartsAllTheSame() {
        StackDefinition stack = trial.stack(db, api);
        trial.up(stack);
        trial.engine().stop(stack.id(), List.of(), trial::hear);
        trial.docker("network", "rm", trial.name() + "-dev");

        trial.up(stack);

        assertThat(trial.changes())
                .contains(
                        "create network " + trial.name() + "-dev: not found",
                        "create db: its network " + trial.name() + "-dev is gone");
        assertThat(trial.isRunning("api")).isTrue();
    }

    @Test
    void upWhenAServiceIsNoLongerPartOfTheStackLeavesItAndSaysSo() {
        trial.up(trial.stack(db, idle("old")));

        trial.up(trial.stack(db));

        List<StackEvent.Planned> plans = trial.heard(StackEvent.Planned.class);
        assertThat(plans.get(0).plan().notes())
                .containsExactly("'old' is there but no longer part of the stack; 'down' removes it.");
        assertThat(trial.isRunning("old")).isTrue();
    }

    @Test
    @Row("trouble.changed-setting")
    void upWhenASettingChangesRecreatesOnlyWhatItTouches() {
        trial.up(trial.stack(db, api, idle("cache")));
        String dbBefore = trial.identity("db");
        String cacheBefore = trial.identity("cache");

        trial.up(trial.stack(db, api.env("LOG_LEVEL", "debug"), idle("cache")));

        assertThat(trial.changes())
                .containsExactly(
                        "stop api: config changed: env LOG_LEVEL (new)",
                        "set api aside: config changed: env LOG_LEVEL (new)",
                        "create api: config changed: env LOG_LEVEL (new)",
                        "start api: config changed: env LOG_LEVEL (new)",
                        "remove replaced api: all is ready");
        assertThat(trial.identity("db")).isEqualTo(dbBefore);
        assertThat(trial.identity("cache")).isEqualTo(cacheBefore);
    }

    @Test
    void upWhenTwoEnginesOfOneProcessDoItAtOnceLetsTheSecondWaitAndChangeNothing() throws Exception {
        StackDefinition stack = trial.stack(db, api);
        List<StackEvent> second = java.util.Collections.synchronizedList(new ArrayList<>());
        CountDownLatch isUnderWay = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (StackEngine other = trial.open(TrialImages.policy())) {
            Future<?> one = threads.submit(() -> trial.engine().up(stack, Selection.all(), UpOptions.DEFAULT, event -> {
                trial.hear(event);
                isUnderWay.countDown();
            }));
            isUnderWay.await();
            Future<?> two = threads.submit(() -> other.up(stack, Selection.all(), UpOptions.DEFAULT, second::add));
            one.get(5, TimeUnit.MINUTES);
            two.get(5, TimeUnit.MINUTES);
        } finally {
            threads.shutdownNow();
        }

        assertThat(second.get(0)).isInstanceOfSatisfying(StackEvent.Notice.class, notice -> assertThat(notice.text())
                .isEqualTo("Waiting for pid " + ProcessHandle.current().pid() + ", which is changing " + trial.name()
                        + " (dev) just now."));
        assertThat(second.get(1)).isInstanceOfSatisfying(StackEvent.Planned.class, planned -> assertThat(
                        planned.plan().changes())
                .isEmpty());
        assertThat(trial.leftovers()).hasSize(3);
    }

    @Test
    @Row("trouble.two-launchers")
    void upWhenAnotherProcessIsAtItWaitsForItAndChangesNothing() throws Exception {
        StackDefinition stack = trial.stack(db, api);
        try (OtherProcess other = OtherProcess.begin(trial, "pair")) {
            other.awaitLine("StepStarted");

            trial.up(stack);

            assertThat(trial.heard().get(0))
                    .isInstanceOfSatisfying(StackEvent.Notice.class, notice -> assertThat(notice.text())
                            .isEqualTo("Waiting for pid " + other.pid() + ", which is changing " + trial.name()
                                    + " (dev) just now."));
            assertThat(trial.changes()).isEmpty();
            assertThat(other.awaitEnd()).isZero();
        }
    }

    /** The moments are those at which most is half done: the engine is asked for something, and nobody hears the answer. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "StepStarted create network",
                "StepStarted create volume",
                "StepStarted create db",
                "StepStarted start db",
                "StepStarted await db",
                "Ready db",
                "StepStarted start api",
                "Ready api"
            })
    @Row("trouble.killed-launcher")
    void upWhenAProcessWasKilledInTheMiddleOfItConverges(String moment) throws Exception {
        try (OtherProcess other = OtherProcess.begin(trial, "pair-with-volume")) {
            other.awaitLine(moment);
            other.kill();
        }

        StackDefinition stack = OtherProcess.definition("pair-with-volume", trial.name());
        trial.up(stack);
        assertThat(trial.isRunning("db")).isTrue();
        assertThat(trial.isRunning("api")).isTrue();
        trial.up(stack);
        assertThat(trial.changes()).isEmpty();
        trial.engine().destroy(stack.id(), trial::hear);
        assertThat(trial.leftovers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "StepStarted create network",
                "StepStarted create db",
                "StepDone create db",
                "StepStarted start db",
                "StepStarted await db",
                "Ready db",
                "StepStarted start api",
                "StepStarted await api"
            })
    @Row("trouble.interrupt")
    void upWhenInterruptedLeavesNothing(String moment) {
        Thread caller = Thread.currentThread();
        StackDefinition stack = OtherProcess.definition("pair-with-volume", trial.name());

        assertThatThrownBy(() -> trial.engine().up(stack, Selection.all(), UpOptions.DEFAULT, event -> {
                    trial.hear(event);
                    if (OtherProcess.line(event).startsWith(moment)) {
                        caller.interrupt();
                    }
                }))
                .isInstanceOf(StackInterruptedException.class)
                .hasMessage("Interrupted; what had been begun was taken back.");

        assertThat(Thread.interrupted()).isFalse();
        // a volume whose service was ready is whole, and what it holds may have taken long to make
        boolean wasReady = trial.heard().stream()
                .anyMatch(event -> OtherProcess.line(event).equals("Ready db"));
        assertThat(trial.leftovers()).isEqualTo(wasReady ? List.of("volume " + trial.name() + "_data") : List.of());
    }

    @Test
    void upWhenTheThreadWasInterruptedBeforeBeginsNothingAndCanBeCalledAgain() {
        StackDefinition stack = trial.stack(idle("db"));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> trial.up(stack)).isInstanceOf(StackInterruptedException.class);

        assertThat(trial.leftovers()).isEmpty();
        trial.up(stack);
        assertThat(trial.isRunning("db")).isTrue();
    }

    @Test
    void upWhenInterruptedTwiceStillLeavesNothing() {
        Thread caller = Thread.currentThread();
        Thread again = new Thread(() -> {
            java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
            caller.interrupt();
        });
        StackDefinition stack = OtherProcess.definition("pair-with-volume", trial.name());

        assertThatThrownBy(() -> trial.engine().up(stack, Selection.all(), UpOptions.DEFAULT, event -> {
                    if (OtherProcess.line(event).startsWith("StepStarted start db")) {
                        caller.interrupt();
                        again.start();
                    }
                }))
                .isInstanceOf(StackInterruptedException.class);

        awaitEnd(again);
        assertThat(trial.leftovers()).isEmpty();
    }

    /** Wait for the thread's end, whatever interrupts it sends before. */
    private static void awaitEnd(Thread thread) {
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                // that was it
            }
        }
        Thread.interrupted();
    }
}
