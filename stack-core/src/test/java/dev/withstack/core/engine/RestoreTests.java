package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.withstack.core.data.Backup;
import dev.withstack.core.driver.DriverException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreTests {
    private static final byte[] EMPTY_TAR = new byte[1024];

    @TempDir
    Path directory;

    private Play play;
    private Backup backup;

    @BeforeEach
    void setUp() {
        play = new Play(directory.resolve("state"));
        play.isUp();
        play.driver.archives(EMPTY_TAR);
        backup = play.engine.backup(Play.shop(), List.of("db"), directory, play.events::add);
    }

    @AfterEach
    void allRunsAsBeforeAndNothingStandsBeside() {
        assertThat(Thread.interrupted()).isFalse();
        assertThat(play.driver.running()).containsExactlyInAnyOrder("db", "cache", "api", "web");
        assertThat(play.driver.volumes()).containsExactly("shop_data");
    }

    private void restore() {
        play.engine.restore(Play.shop(), backup, List.of(), play.events::add);
    }

    @Test
    void restoreStopsThoseThatUseTheDataAndLetsThemGoOn() {
        play.driver.forgetPerformed();

        restore();

        assertThat(play.driver.performed())
                .containsSubsequence(
                        "stop web",
                        "stop api",
                        "stop db",
                        "remove db",
                        "create db",
                        "start db",
                        "start api",
                        "start web")
                .doesNotContain("stop cache");
    }

    @Test
    void restoreWhenStoppingFailsHalfwayLetsGoOnWhatItHasStopped() {
        play.driver.refuse("stop api", new DriverException(DriverException.Kind.REFUSED, "It won't stop.", ""));

        assertThatThrownBy(this::restore).hasMessageContaining("It won't stop.");
    }

    @Test
    void restoreWhenTheSwitchFailsLetsGoOnWhatItHasStopped() {
        play.driver.beforeMaking("shop_data", () -> {
            throw new DriverException(DriverException.Kind.REFUSED, "The disk is full.", "");
        });

        assertThatThrownBy(this::restore).hasMessageContaining("The disk is full.");
    }

    @Test
    void upWhenARestoreWasKilledInTheSwitchTellsOfItUntilItIsRestored() {
        play.driver.beforeMaking("shop_data", () -> {
            throw new Killed();
        });
        assertThatThrownBy(this::restore).isInstanceOf(Killed.class);
        play.driver.beforeMaking("shop_data", () -> {});

        assertThat(noticesOfUp())
                .singleElement(as(STRING))
                .startsWith("A restore of '" + backup.directory() + "' did not come to its end (")
                .endsWith("): db holds what was there before, or some of both. To do: run it again: restore "
                        + backup.directory() + ".");

        restore();

        assertThat(noticesOfUp()).isEmpty();
    }

    @Test
    void upWhenTheDataOfAKilledRestoreWasResetIsQuiet() {
        play.driver.beforeMaking("shop_data", () -> {
            throw new Killed();
        });
        assertThatThrownBy(this::restore).isInstanceOf(Killed.class);
        play.driver.beforeMaking("shop_data", () -> {});
        play.isUp();

        play.engine.reset(Play.shop(), List.of("db"), UpOptions.DEFAULT, play.events::add);

        assertThat(noticesOfUp()).isEmpty();
    }

    /** What ends a restore without anything being done about it, as a kill does. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private List<String> noticesOfUp() {
        play.events.clear();
        play.up().close();
        return play.events(StackEvent.Notice.class).stream()
                .map(StackEvent.Notice::text)
                .toList();
    }

    @Test
    void restoreWhenInterruptedInTheSwitchLetsGoOnWhatItHasStopped() {
        play.driver.beforeMaking("shop_data", () -> {
            Thread.currentThread().interrupt();
            throw new DriverException(DriverException.Kind.ENGINE, "The call was interrupted.", "");
        });

        assertThatThrownBy(this::restore).isInstanceOf(StackInterruptedException.class);
    }

    @Test
    void restoreWhenInterruptedWhileTheDataArrivesTouchesNothing() {
        play.driver.beforeMaking("shop_data.restoring", () -> {
            Thread.currentThread().interrupt();
            throw new DriverException(DriverException.Kind.ENGINE, "The call was interrupted.", "");
        });
        play.driver.forgetPerformed();

        assertThatThrownBy(this::restore).isInstanceOf(StackInterruptedException.class);
        assertThat(play.driver.performed()).isEmpty();
    }
}
