package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Observed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that runs once is carried to its end before anything that waits for it begins. */
class OneShotRunTests {
    private static final Service STORE = Play.service("store");
    private static final Service BUCKETS =
            Service.image("buckets", "mc:1").needs(STORE).runsOnce();
    private static final StackDefinition SHOP = StackDefinition.of("shop", Environment.DEV)
            .add(STORE, BUCKETS, Play.service("api").needs(Dependency.completed("buckets")))
            .build();

    @TempDir
    Path state;

    private Play play;

    @BeforeEach
    void setUp() {
        play = new Play(state);
    }

    @Test
    void upWhenItEndsWellStartsWhatWaitsForIt() {
        RunningStack stack = up();

        assertThat(play.driver.container("buckets").map(Observed.Container::state))
                .contains(Observed.State.COMPLETED);
        assertThat(play.begun("start api")).isGreaterThanOrEqualTo(play.ready("buckets"));
        assertThat(stack.timeline().entries().get("api").waitedFor()).containsExactly("buckets");
    }

    @Test
    void upWhenItEndsBadlyFailsAndStartsNothingThatWaitsForIt() {
        play.driver.endsWith("buckets", 3);

        StartFailedException failure = catchThrowableOfType(StartFailedException.class, this::up);

        assertThat(failure)
                .hasMessageContaining("'buckets' failed while becoming ready: exited with code 3")
                .hasMessageContaining("| the last line of buckets")
                .hasMessageContaining("held back: api");
        assertThat(play.driver.performed()).doesNotContain("start api");
        assertThat(play.driver.containers()).isEmpty();
        assertThat(play.driver.networks()).isEmpty();
    }

    @Test
    void upWhenItTakesTooLongFailsInTime() {
        play.driver.answer("buckets", () -> new dev.withstack.core.health.Answer.NotReady("it has not ended yet"));

        StartFailedException failure = catchThrowableOfType(StartFailedException.class, this::up);

        assertThat(failure).hasMessageContaining("not ready after 120 s").hasMessageContaining("it has not ended yet");
        assertThat(play.time.elapsed()).isGreaterThanOrEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void upWhenItIsCompletedTouchesNothing() {
        up().close();
        play.driver.forgetPerformed();

        up();

        assertThat(play.driver.performed()).isEmpty();
    }

    @Test
    void restartWhenItIsNamedRunsItAgain() {
        up().close();
        play.driver.forgetPerformed();

        play.engine.restart(SHOP, new Selection.WithNeeds(List.of("buckets")), UpOptions.DEFAULT, event -> {});

        assertThat(play.driver.performed()).containsExactly("remove buckets", "create buckets", "start buckets");
    }

    @Test
    void restartWhenAllAreMeantLeavesItAsItIs() {
        up().close();
        play.driver.forgetPerformed();

        play.engine.restart(SHOP, Selection.all(), UpOptions.DEFAULT, event -> {});

        assertThat(play.driver.performed()).containsExactly("stop api", "stop store", "start store", "start api");
    }

    @Test
    void resetWhenWhatItNeedsBeginsAfreshRunsItAgain() {
        up().close();
        play.driver.forgetPerformed();

        play.engine.reset(SHOP, List.of("store", "api"), UpOptions.DEFAULT, event -> {});

        assertThat(play.driver.performed())
                .containsSubsequence("remove store", "create store", "start store", "start buckets", "start api");
    }

    @Test
    void upWhenNothingIsNamedLeavesOutWhatIsStartedOnRequest() {
        StackDefinition definition = StackDefinition.of("shop", Environment.DEV)
                .add(STORE, Play.service("ollama").onRequest())
                .build();

        play.engine.up(definition, Selection.all(), UpOptions.DEFAULT, event -> {});
        assertThat(play.driver.running()).containsExactly("store");

        play.engine.up(definition, new Selection.WithNeeds(List.of("ollama")), UpOptions.DEFAULT, event -> {});
        assertThat(play.driver.running()).containsExactly("store", "ollama");
    }

    @Test
    void upWhenItFailsTakesBackTheNetworksThatNobodyElseIsOn() {
        StackDefinition.Builder shop =
                StackDefinition.of("shop", Environment.DEV).network("back").network("front");
        Service db = Play.service("db").networks("back");
        play.engine.up(shop.add(db).build(), Selection.all(), UpOptions.DEFAULT, event -> {});
        play.driver.endsWith("seed", 1);
        StackDefinition larger =
                shop.add(Service.image("seed", "mc:1").runsOnce()).build();

        assertThatThrownBy(() -> play.engine.up(larger, Selection.all(), UpOptions.DEFAULT, event -> {}))
                .isInstanceOf(StartFailedException.class);

        assertThat(play.driver.networks()).containsExactly("shop-dev-back");
        assertThat(play.driver.running()).containsExactly("db");
    }

    private RunningStack up() {
        return play.engine.up(SHOP, Selection.all(), UpOptions.DEFAULT, play.events::add);
    }
}
