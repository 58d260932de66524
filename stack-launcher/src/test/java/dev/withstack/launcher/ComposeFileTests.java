package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.launcher.Desk.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Compose file in place of a stack: {@code --file} with every command, and {@code import}. */
class ComposeFileTests {
    private static final String FILE =
            """
            services:
              web:
                image: ${WEB_IMAGE:-web:1}
                ports: ["127.0.0.1:18080:80"]
                depends_on: [db]
                pull_policy: always
              db:
                image: db:1
                healthcheck: {test: is-ready}
              debug:
                image: debug:1
                profiles: [debug]
            """;

    @TempDir
    Path directory;

    private Desk desk;

    @BeforeEach
    void sit() throws IOException {
        desk = new Desk(directory);
        Files.writeString(Files.createDirectories(directory.resolve("garden")).resolve("compose.yaml"), FILE);
    }

    @Test
    void planWhenAFileIsNamedPlansItAndSaysWhatIsInferred() {
        Outcome plan = desk.run("plan", "--file", "garden/compose.yaml");

        assertThat(plan.exitCode()).as(plan.toString()).isZero();
        assertThat(plan.out())
                .contains("web", "db")
                .doesNotContain("debug")
                .endsWith("note: 'web' has no health check: it counts as ready when port 80 answers.\n");
        assertThat(plan.err())
                .isEqualTo(
                        "compose.yaml:6:5: 'pull_policy' has no effect: an image that is missing is pulled, one that is"
                                + " there is used.\n");
    }

    @Test
    void devWhenAFileIsNamedStartsItAndEveryCommandKnowsIt() throws IOException {
        // the engine in memory has no ports that answer
        Files.writeString(
                directory.resolve("garden/compose.yaml"),
                FILE.replace("pull_policy: always", "healthcheck: {test: is-ready}"));
        assertThat(desk.run("--file", "garden/compose.yaml", "dev").exitCode()).isZero();

        assertThat(desk.run("status", "--file", "garden/compose.yaml").out()).startsWith("garden (dev)\n");
        assertThat(desk.run("graph", "--file", "garden/compose.yaml").out())
                .startsWith("garden (dev)\n1 db")
                .contains("debug:1 (on request)");
        assertThat(desk.run("down", "--file", "garden/compose.yaml").exitCode()).isZero();
        assertThat(desk.run("status", "--file", "garden/compose.yaml"))
                .isEqualTo(new Outcome(
                        7, "", "garden (dev) is not running. Start it with: ./stack dev --file garden/compose.yaml\n"));
    }

    @Test
    void devWhenAProfileIsAskedForStartsItsServicesToo() {
        assertThat(desk.run("plan", "--file", "garden/compose.yaml", "--profile", "debug")
                        .out())
                .contains("debug");
    }

    @Test
    void devWhenTheFileIsNotThereOrNotAloneSaysSo() {
        assertThat(desk.run("dev", "--file", "missing.yaml"))
                .isEqualTo(
                        new Outcome(2, "", "There is no file '" + directory.resolve("missing.yaml") + "' (--file).\n"));
        assertThat(desk.run("dev", "--file", "garden/compose.yaml", "--stack", "shop")
                        .err())
                .isEqualTo("--stack and --file name two stacks: say one.\n");
    }

    @Test
    void devWhenTheFileIsBrokenSaysWhereAndStartsNothing() throws IOException {
        Files.writeString(directory.resolve("garden/compose.yaml"), "services:\n\tweb: {}\n");

        assertThat(desk.run("dev", "--file", "garden/compose.yaml"))
                .isEqualTo(
                        new Outcome(
                                4,
                                "",
                                "'compose.yaml' can't be run:\n"
                                        + "  - compose.yaml:2:1: a tab stands where YAML takes spaces only. Indent with spaces.\n"));
    }

    @Test
    void profileWhenItIsTakenForTheOptionWithOneLetterMoreSaysWhich() {
        assertThat(desk.run("plan", "--file", "garden/compose.yaml", "--profile", "mine.jar"))
                .isEqualTo(new Outcome(
                        2,
                        "",
                        "--profile takes the name of a profile of a Compose file, and 'mine.jar' is a jar. Stacks of your own"
                                + " are named with: --profiles mine.jar\n"));
        assertThat(desk.run("plan", "--profile", "debug").err())
                .isEqualTo(
                        "--profile asks for a profile of a Compose file, and none is named: add --file FILE. A jar with stacks"
                                + " of your own is named with --profiles.\n");
        assertThat(desk.run("plan", "--file", "garden/compose.yaml", "--profiles", "debug")
                        .err())
                .contains("A profile of a Compose file is asked for with: --profile debug");
    }

    @Test
    void graphWhenTheFileHasWhatHasNoEffectSaysSo() {
        Outcome graph = desk.run("graph", "--file", "garden/compose.yaml");

        assertThat(graph.exitCode()).isZero();
        assertThat(graph.err()).startsWith("compose.yaml:6:5: 'pull_policy' has no effect");
    }

    @Test
    void configWhenTheFileDemandsVariablesNamesThemAll() throws IOException {
        Files.writeString(
                directory.resolve("garden/compose.yaml"),
                """
                services:
                  db:
                    image: db:${DB_VERSION:?which one}
                    environment: {DB_PASSWORD: "${DB_PASSWORD:?of the database}", PLACE: "${PLACE:-here}"}
                """);

        Outcome config = desk.run("config", "--file", "garden/compose.yaml");

        assertThat(config.exitCode()).as(config.toString()).isZero();
        assertThat(config.out()).contains("DB_VERSION", "DB_PASSWORD", "PLACE");
        assertThat(desk.run("plan", "--file", "garden/compose.yaml").err())
                .contains("DB_VERSION is not set: which one");
        assertThat(desk.run("init", "--file", "garden/compose.yaml").exitCode()).isZero();
        assertThat(directory.resolve("garden/.env")).content().contains("DB_VERSION=", "DB_PASSWORD=");
    }

    @Test
    void importWhenAFileIsNamedWritesAProfile() {
        Outcome shown = desk.run("import", "garden/compose.yaml");
        assertThat(shown.exitCode()).as(shown.toString()).isZero();
        assertThat(shown.out())
                .contains(
                        "public final class Garden implements StackProfile {",
                        "Service.image(\"web\", settings.text(\"WEB_IMAGE\", \"web:1\"))",
                        ".hostPort(\"tcp-80\", 18080)");

        Path out = directory.resolve("src");
        String[] command = {
            "import", "garden/compose.yaml", "--package", "com.example", "--class", "Mine", "--out", "" + out
        };
        assertThat(desk.run(command).out()).startsWith("Wrote " + out.resolve("com/example/Mine.java"));
        assertThat(out.resolve("com/example/Mine.java")).content().startsWith("package com.example;\n");
        assertThat(desk.run(command).exitCode()).isEqualTo(2);
        assertThat(desk.run("import").err())
                .isEqualTo("import needs a Compose file, as in: import docker-compose.yml\n");
    }
}
