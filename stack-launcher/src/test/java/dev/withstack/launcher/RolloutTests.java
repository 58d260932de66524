package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.launcher.Desk.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code update}, {@code deploy} and {@code rollback} say and how they exit. */
class RolloutTests {
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
    void updateWhenNothingRunsSaysHowToStart() {
        Outcome outcome = desk.run("update");

        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.err()).contains("market (dev) is not running.");
    }

    @Test
    void updateWhenItIsADryRunShowsThePlanAndDoesNothing() {
        well("start");
        desk.engine.performed();

        Outcome outcome = well("update", "--dry-run", "--set", "STALL_IMAGE=stall:2");

        assertThat(outcome.out()).contains("set stall-1 aside", "config changed: image", "remove replaced stall-2");
        assertThat(desk.engine.performed()).isEmpty();
        assertThat(well("update", "--dry-run", "--output", "json").out()).contains("\"event\":\"plan\"");
    }

    @Test
    void updateWhenAnImageChangedReplacesOneAfterTheOther() {
        well("start");
        desk.engine.performed();

        Outcome outcome = well("update", "--set", "STALL_IMAGE=stall:2");

        assertThat(desk.engine.performed())
                .containsSubsequence("start stall-1", "remove replaced stall-1", "start stall-2");
        assertThat(outcome.out()).contains("stall:2");
    }

    @Test
    void rollbackWhenNothingIsKeptSaysWhatKeepsSomething() {
        well("start");

        Outcome outcome = desk.run("rollback");

        assertThat(outcome.exitCode()).isEqualTo(5);
        assertThat(outcome.err()).contains("keeps no version from before: deploy keeps one");
    }

    @Test
    void deployWhenAnImageIsOfNoServiceSaysHowToNameOne() {
        well("start");

        Outcome outcome = desk.run("deploy", "--image", "stall:2");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("Say so, as in: deploy --image app=app:v2");
        assertThat(desk.run("deploy", "--image", "stal=stall:2").err()).contains("'stal' is no service of market.");
    }

    @Test
    void deployWhenItIsDoneSaysHowToGoBackAndHowToKeepTheImage() {
        well("start");

        Outcome outcome = well("deploy", "--image", "stall=stall:2");

        assertThat(outcome.out()).contains("stall:2");
        assertThat(outcome.err())
                .contains("Go back with: ./stack rollback", "./stack deploy --accept")
                .contains("Until down, stall is started from stall:2. For longer, set STALL_IMAGE=stall:2 in .env");
    }

    @Test
    void deployWhenItIsADryRunShowsWhatIsKept() {
        well("start");

        assertThat(well("deploy", "--dry-run", "--image", "stall=stall:2").out())
                .contains("keep replaced stall-1");
    }

    private Outcome well(String... arguments) {
        Outcome outcome = desk.run(arguments);
        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        return outcome;
    }
}
