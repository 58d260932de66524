package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Observed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackEngineChangeTests {
    @TempDir
    Path state;

    private Play play;

    @BeforeEach
    void setUp() {
        play = new Play(state);
        play.isUp();
    }

    @Test
    void stopWhenNothingIsNamedStopsDependantsFirstAndKeepsTheContainers() {
        play.engine.stop(Play.ID, List.of(), play.events::add);

        assertThat(play.driver.performed())
                .containsSubsequence("stop web", "stop api", "stop db")
                .containsSubsequence("stop api", "stop cache")
                .hasSize(4);
        assertThat(play.driver.containers()).hasSize(4);
    }

    @Test
    void stopWhenOneIsNamedStopsThatAlone() {
        play.engine.stop(Play.ID, List.of("cache"), play.events::add);

        assertThat(play.driver.performed()).containsExactly("stop cache");
    }

    @Test
    void stopWhenAllIsStoppedDoesNothing() {
        play.engine.stop(Play.ID, List.of(), play.events::add);
        play.driver.forgetPerformed();

        play.engine.stop(Play.ID, List.of(), play.events::add);

        assertThat(play.driver.performed()).isEmpty();
    }

    @Test
    void stopWhenTheEngineRefusesSaysWhich() {
        play.driver.refuse(
                "stop api", new DriverException(DriverException.Kind.REFUSED, "it does not listen", "try again"));

        assertThatThrownBy(() -> play.engine.stop(Play.ID, List.of(), play.events::add))
                .isInstanceOf(StartFailedException.class)
                .hasMessageStartingWith("'api' failed while stopping: it does not listen");
    }

    @Test
    void downWhenNothingIsNamedRemovesContainersAndNetworkAndKeepsVolumes() {
        play.engine.down(Play.ID, List.of(), play.events::add);

        assertThat(play.driver.containers()).isEmpty();
        assertThat(play.driver.networks()).isEmpty();
        assertThat(play.driver.volumes()).containsExactly("shop_data");
        assertThat(play.driver.performed()).endsWith("remove network shop-dev");
    }

    @Test
    void downWhenOneIsNamedLeavesTheNetwork() {
        play.engine.down(Play.ID, List.of("web"), play.events::add);

        assertThat(play.driver.containers()).containsExactlyInAnyOrder("db", "cache", "api");
        assertThat(play.driver.networks()).containsExactly("shop-dev");
    }

    @Test
    void downWhenItIsDoneTwiceIsQuietTheSecondTime() {
        play.engine.down(Play.ID, List.of(), play.events::add);
        play.driver.forgetPerformed();

        play.engine.down(Play.ID, List.of(), play.events::add);

        assertThat(play.driver.performed()).isEmpty();
    }

    @Test
    void destroyWhenVolumesAreOursRemovesThemAndLeavesThoseOfOthers() {
        play.driver.volume(new Observed.Volume("shop_notes", "", ""));
        play.driver.volume(new Observed.Volume("shop_data-prod", "shop/prod", ""));

        play.engine.destroy(Play.ID, play.events::add);

        assertThat(play.driver.volumes()).containsExactlyInAnyOrder("shop_notes", "shop_data-prod");
        assertThat(play.driver.containers()).isEmpty();
    }

    @Test
    void restartWhenOneIsNamedStopsAndStartsThatAlone() {
        play.engine.restart(Play.shop(), new Selection.WithNeeds(List.of("api")), UpOptions.DEFAULT, play.events::add);

        assertThat(play.driver.performed()).containsExactly("stop api", "start api");
        assertThat(play.driver.running()).hasSize(4);
    }

    @Test
    void restartWhenADependantGoesTogetherWithItStartsThatBehindItsHealth() {
        StackDefinition shop = StackDefinition.of("shop", Environment.DEV)
                .add(
                        Play.service("db"),
                        Play.service("api").needs(Dependency.together(Dependency.healthy("db"))),
                        Play.service("web").needs(Dependency.healthy("api")))
                .build();
        play.engine.destroy(Play.ID, event -> {});
        play.engine.up(shop, Selection.all(), UpOptions.DEFAULT, event -> {}).close();
        play.driver.forgetPerformed();
        play.driver.readyAfter("db", Duration.ofSeconds(3));
        play.events.clear();

        play.engine.restart(shop, new Selection.WithNeeds(List.of("db")), UpOptions.DEFAULT, play.events::add);

        assertThat(play.driver.performed()).containsExactly("stop api", "stop db", "start db", "start api");
        assertThat(play.begun("start api")).isEqualTo(play.ready("db"));
    }

    @Test
    void restartWhenADependantThatGoesTogetherIsStoppedLeavesItSo() {
        StackDefinition shop = StackDefinition.of("shop", Environment.DEV)
                .add(Play.service("db"), Play.service("api").needs(Dependency.together(Dependency.healthy("db"))))
                .build();
        play.engine.destroy(Play.ID, event -> {});
        play.engine.up(shop, Selection.all(), UpOptions.DEFAULT, event -> {}).close();
        play.engine.stop(Play.ID, List.of("api"), event -> {});
        play.driver.forgetPerformed();

        play.engine.restart(shop, new Selection.WithNeeds(List.of("db")), UpOptions.DEFAULT, event -> {});

        assertThat(play.driver.performed()).containsExactly("stop db", "start db");
    }

    @Test
    void restartWhenAllIsMeantStopsAllBeforeItStartsAny() {
        play.engine.restart(Play.shop(), Selection.all(), UpOptions.DEFAULT, play.events::add);

        assertThat(play.driver.performed())
                .containsSubsequence("stop web", "stop api", "stop db", "start cache", "start api", "start web")
                .containsSubsequence("stop cache", "start db")
                .hasSize(8);
    }

    @Test
    void resetWhenOneIsNamedGivesItANewVolumeAndBringsUpWhatRan() {
        play.engine.stop(Play.ID, List.of("web"), play.events::add);
        play.driver.forgetPerformed();

        play.engine.reset(Play.shop(), List.of("db"), UpOptions.DEFAULT, play.events::add);

        assertThat(play.driver.performed())
                .containsExactly(
                        "stop db",
                        "remove db",
                        "remove volume shop_data",
                        "create volume shop_data",
                        "create db",
                        "start db");
        assertThat(play.driver.running()).containsExactlyInAnyOrder("db", "cache", "api");
    }

    @Test
    void resetWhenNothingRanLeavesNothingRunning() {
        play.engine.down(Play.ID, List.of(), play.events::add);

        play.engine.reset(Play.shop(), List.of(), UpOptions.DEFAULT, play.events::add);

        assertThat(play.driver.containers()).isEmpty();
        assertThat(play.driver.volumes()).isEmpty();
    }

    @Test
    void resetWhenAVolumeIsNotOursLeavesItAlone() {
        play.engine.destroy(Play.ID, play.events::add);
        play.driver.forgetPerformed();
        play.driver.volume(new Observed.Volume("shop_data", "", ""));
        play.up(UpOptions.DEFAULT.volumes(UpOptions.Volumes.ADOPTED));

        assertThat(play.engine.volumesOf(Play.shop(), List.of())).isEmpty();
        play.engine.reset(
                Play.shop(), List.of(), UpOptions.DEFAULT.volumes(UpOptions.Volumes.ADOPTED), play.events::add);

        assertThat(play.driver.volumes()).containsExactly("shop_data");
        assertThat(play.driver.performed()).doesNotContain("remove volume shop_data");
    }

    @Test
    void volumesOfWhenServicesAreNamedTellsTheirsAlone() {
        assertThat(play.engine.volumesOf(Play.shop(), List.of())).containsExactly("shop_data");
        assertThat(play.engine.volumesOf(Play.shop(), List.of("cache"))).isEmpty();
    }

    @Test
    void stopWhenTheThreadIsInterruptedDoesNotClaimToHaveTakenAnythingBack() {
        play.driver.before("stop web", step -> Thread.currentThread().interrupt());

        assertThatThrownBy(() -> play.engine.stop(Play.ID, List.of(), play.events::add))
                .isInstanceOf(StackInterruptedException.class)
                .hasMessage("Interrupted; what had not been done yet is left as it is.");
        assertThat(play.driver.running()).contains("db");
    }

    @Test
    void closeWhenTheHandleComesFromUpLeavesTheStackRunning() {
        play.up().close();

        assertThat(play.driver.running()).hasSize(4);
        assertThat(play.driver.isClosed()).isFalse();
    }

    @Test
    void closeWhenTheHandleIsToDestroyTakesAllDownOnce() {
        RunningStack stack = play.up().destroyedWhenClosed();

        stack.close();
        stack.close();

        assertThat(play.driver.containers()).isEmpty();
        assertThat(play.driver.volumes()).isEmpty();
        assertThat(play.driver.isClosed()).isTrue();
    }

    @Test
    void serviceWhenItIsAskedAnswersThroughTheDriver() throws Exception {
        RunningStack stack = play.up();

        assertThat(stack.services()).extracting(RunningService::name).containsExactly("db", "cache", "api", "web");
        assertThat(stack.service("db").address()).hasToString("127.0.0.1:5433");
        assertThat(stack.service("db").ask()).isEqualTo(dev.withstack.core.health.Answer.READY);
        assertThat(stack.service("db").logTail(2)).containsExactly("second", "third");
        assertThat(stack.service("db")
                        .exec(java.time.Duration.ofSeconds(1), "echo", "hi")
                        .stdout())
                .isEqualTo("echo hi");
        assertThat(stack.addresses().find("db", "http")).hasToString("127.0.0.1:5433");
        assertThatThrownBy(() -> stack.service("nobody"))
                .hasMessage("Stack 'shop' has no service 'nobody'; it has: db, cache, api, web.");
    }

    @Test
    void stopWhenContainersOfTwoVersionsNeedEachOtherStopsThemAllTheSame() {
        StackDefinition first = StackDefinition.of("knot", Environment.DEV)
                .add(Play.service("a").needs(Play.service("b")), Play.service("b"))
                .build();
        StackDefinition second = StackDefinition.of("knot", Environment.DEV)
                .add(Play.service("a"), Play.service("b").needs(Play.service("a")))
                .build();
        play.engine.destroy(Play.ID, event -> {});
        play.engine.up(first, Selection.all(), UpOptions.DEFAULT, event -> {});
        play.driver.removeByHand("b");
        play.engine.up(second, new Selection.Only(List.of("b")), UpOptions.DEFAULT, event -> {});

        play.engine.stop(first.id(), List.of(), event -> {});

        assertThat(play.driver.running()).isEmpty();
    }
}
