package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.launcher.Desk.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --clean} and {@code --build} do before a start. */
class BeforeStartTests {
    @TempDir
    Path directory;

    private Desk desk;

    @BeforeEach
    void bringUp() {
        desk = new Desk(directory);
        assertThat(desk.run("start").exitCode()).isZero();
        desk.engine.performed();
    }

    @Test
    void cleanWhenItIsAgreedToBeginsAfresh() {
        Outcome outcome = desk.run("start", "--clean", "--yes");

        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        assertThat(desk.engine.performed())
                .containsSubsequence("stop db", "remove db", "remove volume shop_db_data", "create db", "start db");
    }

    @Test
    void cleanWhenNobodyCanBeAskedRefusesAndTouchesNothing() {
        Outcome outcome = desk.run("start", "--clean");

        assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(2);
        assertThat(desk.engine.performed()).isEmpty();
    }

    @Test
    void cleanWhenAPersonDeclinesStartsNothing() {
        desk.terminal = Desk.person();
        desk.typed = "no\n";

        Outcome outcome = desk.run("start", "--clean");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("Nothing was touched.");
        assertThat(desk.engine.performed()).isEmpty();
    }

    @Test
    void buildWhenNothingHasChangedBuildsAgain() {
        desk.run("start", "--build");

        assertThat(desk.engine.performed()).contains("build api from api/");
    }
}
