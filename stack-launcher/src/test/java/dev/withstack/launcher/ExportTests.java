package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.launcher.Desk.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportTests {
    @TempDir
    Path directory;

    private Desk desk;

    @BeforeEach
    void sit() {
        desk = new Desk(directory);
    }

    @ParameterizedTest
    @CsvSource({"compose, shop", "shop, compose"})
    void exportWhenFormatAndStackAreGivenTakesThemInEitherOrder(String first, String second) {
        Path out = directory.resolve("out");

        Outcome outcome = desk.run("export", first, second, "--out", out.toString());

        assertThat(outcome.exitCode()).isZero();
        assertThat(out.resolve("compose.yaml")).exists();
    }

    @Test
    void exportWhenTheFormatIsMisspeltSaysWhichIsMeant() {
        assertThat(desk.run("export", "kuberntes", "shop"))
                .isEqualTo(new Outcome(
                        2,
                        "",
                        "export needs to know for what, as in: export compose shop. Did you mean 'kubernetes'?"
                                + " It can write: compose, swarm, kubernetes.\n"));
    }

    @Test
    void exportWhenNoFormatIsGivenSaysWhatThereIs() {
        assertThat(desk.run("export").err())
                .isEqualTo("export needs to know for what, as in: export compose shop."
                        + " It can write: compose, swarm, kubernetes.\n");
    }
}
