package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Replicas;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other numbers of replicas: what is started and ended, and for how long the number holds. */
class StackEngineScaleTests {
    private static final Service DB = Play.db();
    private static final Service WORKER = Service.image("worker", "worker:1")
            .needs(DB)
            .probe(Probe.command("is-well"))
            .replicas(2);

    @TempDir
    Path state;

    private Play play;

    @BeforeEach
    void prepare() {
        play = new Play(state);
        play.engine.up(shop(WORKER), Selection.all(), UpOptions.DEFAULT, play.events::add);
        play.driver.forgetPerformed();
    }

    @Test
    void scaleWhenThereAreToBeMoreStartsTheDifference() {
        RunningStack stack = scale(4);

        assertThat(play.driver.performed())
                .containsExactlyInAnyOrder("create worker-3", "create worker-4", "start worker-3", "start worker-4");
        assertThat(stack.definition().replicas()).isEqualTo(Map.of("worker", 4));
        assertThat(play.driver.running()).isEqualTo(running(4));
    }

    @Test
    void scaleWhenThereAreToBeFewerEndsTheDifference() {
        scale(1);

        assertThat(play.driver.performed()).containsExactly("stop worker-2", "remove worker-2");
        assertThat(play.driver.running()).isEqualTo(running(1));
    }

    @Test
    void scaleWhenAServiceMostlyIsOneKeepsItAndStartsAndEndsTheOthers(@TempDir Path other) {
        Play fresh = new Play(other);
        StackDefinition shop = shop(WORKER.replicas(Replicas.one()));
        fresh.engine.up(shop, Selection.all(), UpOptions.DEFAULT, fresh.events::add);
        fresh.driver.forgetPerformed();

        RunningStack three = fresh.engine.scale(shop, Map.of("worker", 3), UpOptions.DEFAULT, fresh.events::add);

        assertThat(fresh.driver.performed())
                .containsExactlyInAnyOrder("create worker-2", "create worker-3", "start worker-2", "start worker-3");
        fresh.driver.forgetPerformed();
        fresh.engine.scale(three.definition(), Map.of("worker", 1), UpOptions.DEFAULT, fresh.events::add);
        assertThat(fresh.driver.running()).containsExactlyInAnyOrder("db", "worker");
    }

    @Test
    void scaleWhenTheNumberIsTheSameDoesNothing() {
        scale(2);

        assertThat(play.driver.performed()).isEmpty();
    }

    @Test
    void upWhenItWasScaledKeepsTheNumber() {
        scale(4);
        play.engine.stop(Play.ID, List.of(), play.events::add);

        up(shop(WORKER));

        assertThat(play.driver.running()).isEqualTo(running(4));
        assertThat(play.engine.attach(shop(WORKER)).definition().replicas()).isEqualTo(Map.of("worker", 4));
    }

    @Test
    void scaleWhenTheStackWasScaledBeforeGoesBackToTheNumberOfTheDefinition() {
        RunningStack stack = scale(4);

        play.engine.scale(stack.definition(), Map.of("worker", 2), UpOptions.DEFAULT, play.events::add);

        assertThat(play.driver.running()).isEqualTo(running(2));
        assertThat(play.engine.attach(shop(WORKER)).definition().replicas()).isEqualTo(Map.of("worker", 2));
    }

    @Test
    void upWhenTheDefinitionAsksForAnotherNumberTakesThat() {
        scale(4);

        up(shop(WORKER.replicas(3)));

        assertThat(play.driver.running()).isEqualTo(running(3));
    }

    @Test
    void downWhenItWasScaledForgetsTheNumber() {
        scale(4);

        play.engine.down(Play.ID, List.of(), play.events::add);
        up(shop(WORKER));

        assertThat(play.driver.running()).isEqualTo(running(2));
    }

    @Test
    void scaleWhenANewReplicaFailsTakesItBackAndForgetsTheNumber() {
        play.driver.readyAfter("worker-3", Duration.ofDays(1));

        assertThatThrownBy(() -> scale(3)).isInstanceOf(StartFailedException.class);

        assertThat(play.driver.running()).isEqualTo(running(2));
        assertThat(play.engine.attach(shop(WORKER)).definition().replicas()).isEqualTo(Map.of("worker", 2));
    }

    @Test
    void restartWhenItWasScaledRestartsAllReplicas() {
        scale(3);
        play.driver.forgetPerformed();

        play.engine.restart(
                shop(WORKER), new Selection.WithNeeds(List.of("worker")), UpOptions.DEFAULT, play.events::add);

        assertThat(play.driver.performed())
                .contains("stop worker-1", "stop worker-2", "stop worker-3", "start worker-3");
        assertThat(play.driver.running()).isEqualTo(running(3));
    }

    @Test
    void scaleWhenAServiceHasNoReplicasSaysWhichHave() {
        assertThatThrownBy(() -> play.engine.scale(shop(WORKER), Map.of("db", 2), UpOptions.DEFAULT, play.events::add))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'db' of shop has no replicas; those that can be scaled: worker.");
    }

    @Test
    void scaleWhenTheNumberIsTooHighSaysHowManyAreSensible() {
        assertThatThrownBy(() -> scale(33))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'worker' can't have 33 replicas: 1 to 32 are possible. To have none run, stop it.");
    }

    private RunningStack scale(int number) {
        return play.engine.scale(shop(WORKER), Map.of("worker", number), UpOptions.DEFAULT, play.events::add);
    }

    private void up(StackDefinition definition) {
        play.engine.up(definition, Selection.all(), UpOptions.DEFAULT, play.events::add);
    }

    private static Set<String> running(int workers) {
        Set<String> names = new java.util.TreeSet<>(Set.of("db"));
        for (int number = 1; number <= workers; number++) {
            names.add("worker-" + number);
        }
        return names;
    }

    private static StackDefinition shop(Declared<?> worker) {
        return StackDefinition.of("shop", Environment.DEV).add(DB, worker).build();
    }
}
