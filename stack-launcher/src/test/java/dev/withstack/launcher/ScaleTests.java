package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.launcher.Desk.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that are several: what {@code scale} does and shows, and what their name means to the other commands. */
class ScaleTests {
    @TempDir
    Path directory;

    private Desk desk;

    @BeforeEach
    void sit() {
        desk = new Desk(directory);
        desk.profiles.add(new Market());
        desk.environment.put("STACK", "market");
    }

    @Test
    void startWhenServicesAreSeveralStartsAllOfThem() {
        Outcome outcome = well("start");

        assertThat(desk.engine.performed())
                .contains("start stall-1", "start stall-2", "start porter-1", "start porter-2");
        assertThat(outcome.out()).contains("stall-1 ", "porter-2 ");
    }

    @Test
    void devWhenFewerAreDevelopedWithStartsThose() {
        well("dev");

        assertThat(desk.engine.performed()).contains("start porter-1").doesNotContain("start porter-2");
    }

    @Test
    void scaleWhenThereAreToBeMoreStartsTheDifferenceAndIsRemembered() {
        well("dev");
        desk.engine.performed();

        Outcome outcome = well("scale", "porter=4");

        assertThat(desk.engine.performed())
                .containsExactlyInAnyOrder(
                        "create porter-2",
                        "create porter-3",
                        "create porter-4",
                        "start porter-2",
                        "start porter-3",
                        "start porter-4");
        assertThat(outcome.out()).contains("porter-4");
        well("dev");
        assertThat(desk.engine.performed()).isEmpty();
        assertThat(well("status", "porter").out()).contains("porter-1", "porter-2", "porter-3", "porter-4");
    }

    @Test
    void scaleWhenThereAreToBeFewerEndsTheDifference() {
        well("start");
        desk.engine.performed();

        well("scale", "market", "stall=1", "porter=1");

        assertThat(desk.engine.performed())
                .containsExactlyInAnyOrder("stop stall-2", "remove stall-2", "stop porter-2", "remove porter-2");
    }

    @Test
    void downWhenItWasScaledForgetsTheNumber() {
        well("start");
        well("scale", "porter=4");

        well("down");
        desk.engine.performed();
        well("start");

        assertThat(desk.engine.performed()).contains("start porter-2").doesNotContain("start porter-3");
    }

    @Test
    void scaleWhenNothingRunsSaysHowToBegin() {
        Outcome outcome = desk.run("scale", "porter=4");

        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.err()).contains("market (dev) is not running. Start it with: ./stack dev market");
    }

    @Test
    void scaleWhenItIsNotSaidHowManySaysHowToSayIt() {
        assertThat(refused("scale"))
                .isEqualTo("scale needs to know how many of which service, as in: scale worker=4. "
                        + "What can be scaled: stall, porter.");
        assertThat(refused("scale", "porter"))
                .isEqualTo("'porter' does not say how many of a service. Write it as in: scale worker=4");
        assertThat(refused("scale", "porter=many"))
                .isEqualTo("'porter=many' does not say how many of a service. Write it as in: scale worker=4");
    }

    @Test
    void scaleWhenTheServiceCanNotBeScaledSaysWhichCan() {
        assertThat(refused("scale", "scales=2"))
                .isEqualTo("'scales' is not made to be several. What can be scaled: stall, porter.");
        assertThat(refused("scale", "portr=2"))
                .isEqualTo(
                        "'portr' is no service of market. Did you mean 'porter'? What can be scaled: stall, porter.");
    }

    @Test
    void scaleWhenTheNumberIsNoneOrTooHighIsRefused() {
        assertThat(refused("scale", "porter=0"))
                .isEqualTo("'porter' can't have 0 replicas: 1 to 32 are possible. To have none run: stop porter");
        assertThat(refused("scale", "porter=33")).startsWith("'porter' can't have 33 replicas");
    }

    @Test
    void stopWhenSeveralAreNamedStopsAllOfThem() {
        well("start");
        desk.engine.performed();

        well("stop", "stall");

        assertThat(desk.engine.performed()).containsExactlyInAnyOrder("stop stall-1", "stop stall-2");
    }

    @Test
    void restartWhenSeveralAreNamedRestartsAllThatThereAreNow() {
        well("start");
        well("scale", "porter=3");
        desk.engine.performed();

        well("restart", "porter");

        assertThat(desk.engine.performed())
                .contains("stop porter-1", "stop porter-2", "stop porter-3", "start porter-3");
    }

    @Test
    void logsWhenSeveralAreNamedShowsAllOfThem() {
        well("start");

        assertThat(desk.run("logs", "porter").exitCode()).isZero();
        assertThat(desk.run("logs", "porters").err()).contains("'porters' is neither a stack nor a service of market");
    }

    @Test
    void insideWhenSeveralAreNamedIsTheFirst() {
        well("start");

        desk.run("shell", "stall");
        desk.run("exec", "porter", "true");
        desk.run("exec", "porter-2", "true");

        assertThat(desk.handedOver)
                .extracting(command -> command.get(command.size() - 2))
                .containsExactly("market-dev-stall-1", "market-dev-porter-1", "market-dev-porter-2");
        assertThat(well("env", "porter").out()).isEqualTo("LOAD=heavy\n");
    }

    private Outcome well(String... arguments) {
        Outcome outcome = desk.run(arguments);
        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        return outcome;
    }

    private String refused(String... arguments) {
        Outcome outcome = desk.run(arguments);
        assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(2);
        return outcome.err().strip().lines().findFirst().orElse("");
    }
}
