package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.launcher.Desk.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code stop}, {@code down} and {@code reset} do, and what they ask before. */
class DownTests {
    private static final String NO_TERMINAL =
            "There is no terminal to ask at; nothing was touched. Say yes beforehand with --yes.\n";

    @TempDir
    Path directory;

    private Desk desk;

    @BeforeEach
    void start() {
        desk = new Desk(directory);
        desk.run("start");
        desk.engine.performed();
    }

    @Test
    void stopWhenAllRunsStopsDependantsFirstAndRemovesNothing() {
        Outcome outcome = desk.run("stop");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).endsWith("shop (dev) is stopped.\n");
        assertThat(desk.engine.performed())
                .startsWith("stop api")
                .containsExactlyInAnyOrder("stop api", "stop db", "stop cache");
    }

    @Test
    void stopWhenOneIsNamedStopsThatOne() {
        Outcome outcome = desk.run("stop", "cache");

        assertThat(outcome.out()).endsWith("cache is stopped.\n");
        assertThat(outcome.err())
                .isEqualTo("api needs what was stopped, and goes on without it. Stop it too with: ./stack stop api\n");
        assertThat(desk.engine.performed()).containsExactly("stop cache");
    }

    @Test
    void stopWhenNothingRunsSaysSo() {
        desk.run("stop");

        assertThat(desk.run("stop")).isEqualTo(new Outcome(0, "shop (dev) is not running; nothing to stop.\n", ""));
    }

    @Test
    void downWhenAllRunsKeepsTheVolumes() {
        Outcome outcome = desk.run("down");

        assertThat(outcome.out()).endsWith("shop (dev) is removed; its volumes are kept.\n");
        assertThat(desk.engine.volumes).containsOnlyKeys("shop_db_data");
        assertThat(desk.engine.networks).isEmpty();
        assertThat(desk.run("down").out()).isEqualTo("shop (dev) is not running; nothing to remove.\n");
    }

    @Test
    void downWithVolumesWhenNobodyCanBeAskedRefuses() {
        Outcome outcome = desk.run("down", "--volumes");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).isEqualTo("This removes shop (dev) with all its data:\n  volume shop_db_data\n");
        assertThat(outcome.err()).isEqualTo(NO_TERMINAL);
        assertThat(desk.engine.performed()).isEmpty();
    }

    @Test
    void downWithVolumesWhenThePersonSaysNoTouchesNothing() {
        desk.terminal = Desk.person();
        desk.typed = "no\n";

        Outcome outcome = desk.run("down", "--volumes");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).endsWith("Type yes to go on: Nothing was touched.\n");
        assertThat(desk.engine.performed()).isEmpty();
    }

    @Test
    void downWithVolumesWhenThePersonSaysYesRemovesThem() {
        desk.terminal = Desk.person();
        desk.typed = "yes\n";

        Outcome outcome = desk.run("down", "--volumes");

        assertThat(outcome.out()).endsWith("shop (dev) is removed, its data too.\n");
        assertThat(desk.engine.volumes).isEmpty();
    }

    @Test
    void downWithVolumesWhenSeveralEnvironmentsAreThereAsksInSpiteOfYes() {
        runsInStageToo();

        Outcome outcome = desk.run("down", "--volumes", "--yes");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out())
                .isEqualTo(
                        """
                        shop is there in dev and stage.
                        This removes shop (dev) with all its data:
                          volume shop_db_data
                        """);
        assertThat(outcome.err())
                .endsWith(
                        "There is no terminal to ask at; nothing was touched. Say yes beforehand with --env dev --yes.\n");
        assertThat(desk.engine.volumes).containsOnlyKeys("shop_db_data", "shop_db_data-stage");
    }

    @Test
    void downWithVolumesWhenTheEnvironmentIsNamedTakesThatOneOnly() {
        runsInStageToo();

        Outcome outcome = desk.run("down", "--volumes", "--yes", "--env", "stage");

        assertThat(outcome.out()).endsWith("shop (stage) is removed, its data too.\n");
        assertThat(desk.engine.volumes).containsOnlyKeys("shop_db_data");
    }

    @Test
    void resetWhenSeveralEnvironmentsAreThereAsksInSpiteOfYes() {
        runsInStageToo();

        Outcome outcome = desk.run("reset", "db", "--yes");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).startsWith("shop is there in dev and stage.\nThis removes db with all its data:\n");
        assertThat(outcome.err()).endsWith("Say yes beforehand with --env dev --yes.\n");
    }

    @Test
    void resetWhenNobodyCanBeAskedRefuses() {
        Outcome outcome = desk.run("reset", "db");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).isEqualTo("This removes db with all its data:\n  volume shop_db_data\n");
        assertThat(outcome.err()).isEqualTo(NO_TERMINAL);
        assertThat(desk.engine.performed()).isEmpty();
    }

    @Test
    void resetWhenAgreedBeginsAfreshWithWhatRan() {
        Outcome outcome = desk.run("reset", "db", "--yes");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).endsWith("db is as new; what ran before runs again.\n");
        assertThat(desk.engine.performed())
                .contains("remove volume shop_db_data", "create volume shop_db_data", "start db");
        assertThat(desk.run("status").exitCode()).isZero();
    }

    @Test
    void resetWhenThereIsNothingSaysSo() {
        desk.run("down", "--volumes", "--yes");

        assertThat(desk.run("reset")).isEqualTo(new Outcome(0, "shop (dev) has nothing that could be reset.\n", ""));
    }

    private void runsInStageToo() {
        assertThat(desk.run("stage", "--set", "DB_PASSWORD=of-32-characters-that-nobody-knows"))
                .extracting(Outcome::exitCode)
                .isEqualTo(0);
    }
}
