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

    @Test
    void exportForASwarmEndsWithTheCommandThatDeploysItWithItsSecrets() {
        Path out = directory.resolve("out");

        assertThat(desk.run("export", "swarm", "shop", "--out", out.toString()).out())
                .endsWith("Start with: (cd " + out + " && set -a && . ./.env && docker stack deploy --compose-file"
                        + " stack.yaml shop-dev)\n");
    }

    @Test
    void exportForASwarmWhenThereAreNoSecretsLooksForNone() {
        Path out = directory.resolve("out");

        assertThat(desk.run("export", "swarm", "kiosk", "--out", out.toString()).out())
                .endsWith("Start with: (cd " + out + " && docker stack deploy --compose-file stack.yaml kiosk-dev)\n");
    }

    @Test
    void exportForASwarmWhenNoLossIsTakenWritesNothingAndNamesAllOfThem() {
        Path out = directory.resolve("out");

        assertThat(desk.run("export", "swarm", "shop", "--strict", "--out", out.toString()))
                .isEqualTo(new Outcome(
                        4,
                        """
                        What a swarm does not do as the stack means it:
                          db: is published on port 15432 of every address of every node.
                          api: is built from 'api': build and push 'withstack/shop-api', and name the registry.
                          api: is published on port 18000 of every address of every node.
                          shop: starts in no order: what is not there yet has to be asked again, or fails and is started again.
                        """,
                        "Nothing was written: --strict takes no loss, and there are the above.\n"));
        assertThat(out).doesNotExist();
        assertThat(desk.run("export", "swarm", "kiosk", "--strict", "--out", out.toString())
                        .exitCode())
                .isZero();
    }
}
