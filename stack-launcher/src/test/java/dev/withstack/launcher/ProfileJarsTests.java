package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stacks that the user brings along. */
class ProfileJarsTests {
    @TempDir
    Path directory;

    private Desk desk;

    /** A stack that does not ship. */
    public static final class Stall implements StackProfile {
        @Override
        public String name() {
            return "stall";
        }

        @Override
        public String description() {
            return "A stall";
        }

        @Override
        public StackDefinition define(Environment environment, Settings settings) {
            return StackDefinition.of(name(), environment)
                    .add(Service.image("scales", "scales:1"))
                    .build();
        }
    }

    @BeforeEach
    void setUp() {
        desk = new Desk(directory);
    }

    private void names(String content) throws IOException {
        Path services = Files.createDirectories(directory.resolve("own/META-INF/services"));
        Files.writeString(services.resolve(StackProfile.class.getName()), content);
    }

    @Test
    void planWhenTheStackIsOfAJarKnowsIt() throws IOException {
        names("# ours\n" + Stall.class.getName() + " # a stall\n");

        assertThat(desk.run("plan", "stall", "--profiles", "own").out()).contains("create scales");
        assertThat(desk.run("list", "--profiles", "own").out()).contains("stall", "shop");
    }

    @Test
    void planWhenTheEnvironmentNamesTheJarKnowsItsStack() throws IOException {
        names(Stall.class.getName());
        desk.environment.put("STACK_PROFILES", "own");

        assertThat(desk.run("plan", "stall").out()).contains("create scales");
    }

    @Test
    void planWhenTheJarIsNotThereSaysSo() {
        Desk.Outcome outcome = desk.run("plan", "stall", "--profiles", "own");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .contains("--profiles names '" + directory.resolve("own")
                        + "', which is not there. Build it first, or correct the path.");
    }

    @Test
    void planWhenTheJarHasNoStackSaysWhatIsMissing() throws IOException {
        Files.createDirectories(directory.resolve("own"));

        Desk.Outcome outcome = desk.run("plan", "stall", "--profiles", "own");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .contains(
                        "has no stack: a file META-INF/services/dev.withstack.core.profile.StackProfile in it has to name"
                                + " its StackProfile.");
    }

    @Test
    void planWhenTheClassIsNotThereNamesIt() throws IOException {
        names("org.example.Nowhere");

        Desk.Outcome outcome = desk.run("plan", "stall", "--profiles", "own");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("The stack 'org.example.Nowhere' of '", "can't be used: ");
    }

    @Test
    void planWhenThereIsSuchAStackAlreadySaysSo() throws IOException {
        names(Stall.class.getName() + "\n" + Stall.class.getName());

        Desk.Outcome outcome = desk.run("plan", "stall", "--profiles", "own");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("and there is one of that name already. Give it another name().");
    }
}
