package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.driver.Driver;
import dev.withstack.launcher.Desk.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What prepares a project and explains a stack: {@code init}, {@code config}, {@code graph}, and the menu of logs. */
class AroundTests {
    @TempDir
    Path directory;

    private Desk desk;

    @BeforeEach
    void sit() {
        desk = new Desk(directory);
    }

    @Test
    void initWhenThereIsNoFileWritesOneForItsOwnerOnly() throws IOException {
        Outcome outcome = desk.run("init");

        assertThat(outcome)
                .isEqualTo(new Outcome(
                        0,
                        "Wrote " + directory.resolve(".env") + ", for your eyes only.\nStart with: ./stack dev shop\n",
                        ""));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(".env"))))
                .isEqualTo("rw-------");
        assertThat(directory.resolve(".env"))
                .content()
                .contains("STACK=shop\n", "# Password of the database.\n# DB_PASSWORD=development\n", "# API_IMAGE=\n");
        assertThat(desk.run("plan").exitCode()).isZero();
    }

    @Test
    void initWhenItIsForARelaseWritesWhatTheReleaseDemands() {
        desk.run("init", "shop", "--env", "prod");

        assertThat(directory.resolve(".env.prod")).content().containsPattern("(?m)^DB_PASSWORD=[0-9a-f]{32}$");
        assertThat(desk.run("plan", "prod").exitCode()).isZero();
    }

    @Test
    void initWhenThereIsAFileAndNobodyToAskTouchesNothing() throws IOException {
        desk.dotEnv("MINE=1");

        Outcome outcome = desk.run("init");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("Say yes beforehand with --yes.");
        assertThat(directory.resolve(".env")).hasContent("MINE=1");
    }

    @Test
    void initWhenThereIsAFileKeepsItUnderAnotherName() throws IOException {
        desk.dotEnv("MINE=1");
        desk.terminal = Desk.person();
        desk.typed = "no\n";
        assertThat(desk.run("init").out()).endsWith("Nothing was touched.\n");
        assertThat(directory.resolve(".env")).hasContent("MINE=1");

        desk.typed = "yes\n";
        desk.run("init");
        desk.run("init", "--yes");

        assertThat(directory.resolve(".env.old")).hasContent("MINE=1");
        assertThat(directory.resolve(".env.old2")).content().contains("STACK=shop");
    }

    @Test
    void initWhenTheStackIsUnknownSuggestsOne() {
        assertThat(desk.run("init", "shpo").err())
                .isEqualTo("There is no stack 'shpo'. Did you mean 'shop'? Stacks: kiosk, shop.\n");
    }

    @Test
    void setWhenNothingReadsTheNameIsRemarked() {
        assertThat(desk.run("plan", "--set", "DB_PASWORD=x", "--set", "DB_PORT=15433")
                        .err())
                .isEqualTo("Nothing in shop reads DB_PASWORD (--set). Did you mean 'DB_PASSWORD'?\n");
    }

    @Test
    void configWhenSettingsAreGivenShowsAllThatMayBeSetAndWhereItComesFrom() throws IOException {
        desk.dotEnv("DB_PASSWORD=very-secret-word", "DB_PORT=15433", "DB_SQL_PORT=15434");

        assertThat(desk.run("config", "--set", "API_IMAGE=api:2"))
                .isEqualTo(new Outcome(
                        0,
                        """
                        NAME          VALUE    FROM                  MEANING

                        The database
                        DB_PASSWORD   ***      .env:1                Password of the database.

                        Ports, images and limits of the services
                        DB_PORT       15434    .env:3 (DB_SQL_PORT)  Port of this machine for db (sql).
                        DB_IMAGE      db:1     default               Image that db runs.
                        DB_CPUS                default               How many CPUs db may use, such as 0.5.
                        DB_MEMORY              default               How much memory db may use, such as 512m.
                        CACHE_PORT             default               Port of this machine for cache (cache); it is not published unless set.
                        CACHE_IMAGE   cache:1  default               Image that cache runs.
                        CACHE_CPUS             default               How many CPUs cache may use, such as 0.5.
                        CACHE_MEMORY           default               How much memory cache may use, such as 512m.
                        API_PORT      18000    default               Port of this machine for api (http).
                        API_IMAGE     api:2    --set                 Image that api runs, instead of the one built from api/.
                        API_CPUS               default               How many CPUs api may use, such as 0.5.
                        API_MEMORY             default               How much memory api may use, such as 512m.
                        """,
                        ""));
    }

    @Test
    void configWhenNothingIsGivenShowsTheKnownValueOfDevelopment() {
        assertThat(desk.run("config", "DB_PASSWORD").out())
                .endsWith("\nDB_PASSWORD  development  default  Password of the database.\n");
        assertThat(desk.run("config", "API_PORT", "--output", "json").out())
                .isEqualTo(
                        """
                        {"event":"setting","name":"API_PORT","value":"18000","from":"default","topic":"Ports, images and limits of the services","meaning":"Port of this machine for api (http)."}
                        """);
    }

    @Test
    void configWhenAnImageIsLockedOrAPortWasChosenShowsWhatHoldsNow() throws IOException {
        String digest = "sha256:" + "5".repeat(64);
        Files.writeString(directory.resolve("images.lock"), "cache:1 = " + digest + "\n");
        Path numbers = desk.surroundings().stateDirectory().resolve("shop-dev.numbers");
        Files.createDirectories(numbers.getParent());
        Files.writeString(numbers, "api/http=18000>18001\n");

        assertThat(desk.run("config", "API_PORT").out()).contains("API_PORT  18001  chosen while it ran  ");
        assertThat(desk.run("config", "CACHE_IMAGE").out())
                .contains("CACHE_IMAGE  cache:1@" + digest + "  images.lock");
    }

    @Test
    void configWhenTheSettingsAreNotFitShowsThemAllTheSame() throws IOException {
        desk.dotEnv("API_MEMORY=much");

        assertThat(desk.run("config", "API_MEMORY").out()).contains("API_MEMORY  much   .env:1");
    }

    @Test
    void configWhenTheVariableIsUnknownSuggestsOne() {
        assertThat(desk.run("config", "DB_PASWORD"))
                .isEqualTo(new Outcome(
                        2,
                        "",
                        "'DB_PASWORD' is neither a stack nor a variable of shop. Did you mean 'DB_PASSWORD'? See them all"
                                + " with: ./stack config shop\n"));
    }

    @Test
    void graphWhenAskedForDrawsTheStack() {
        assertThat(desk.run("graph").out())
                .isEqualTo(
                        """
                        shop (dev)
                        1 db     db:1
                          cache  cache:1
                        2 api    built from api/  ← db, cache
                        """);
        assertThat(desk.run("graph", "--format", "mermaid").out()).startsWith("flowchart LR\n");
        assertThat(desk.run("graph", "--format", "svg").out()).startsWith("<svg ");
        assertThat(desk.run("graph", "--format", "png").exitCode()).isEqualTo(2);
    }

    @Test
    void graphWhenTheReleaseHasNoSecretsDrawsItAllTheSame() {
        assertThat(desk.run("graph", "kiosk", "--env", "prod").out()).startsWith("kiosk (prod)\n");
        assertThat(desk.run("graph", "--env", "prod").out()).startsWith("shop (prod)\n");
    }

    @Test
    void logsWhenAPersonNamesNoServiceAsksWhose() {
        desk.run("dev");
        desk.engine.log.add(new Driver.LogLine("db", Desk.NOW.plus(Duration.ofSeconds(-2)), "db one"));
        desk.engine.log.add(new Driver.LogLine("cache", Desk.NOW.plus(Duration.ofSeconds(-1)), "cache one"));
        desk.terminal = Desk.person();
        String menu =
                """
                Whose log?
                  1  cache
                  2  db
                Number or name, or Enter for all:\s""";

        desk.typed = "2\n";
        assertThat(desk.run("logs", "--output", "tty", "--no-color").out()).isEqualTo(menu + "db | db one\n");
        desk.typed = "cache\n";
        assertThat(desk.run("logs", "--output", "tty", "--no-color").out()).isEqualTo(menu + "cache | cache one\n");
        desk.typed = "\n";
        assertThat(desk.run("logs", "--output", "tty", "--no-color").out())
                .isEqualTo(menu + "db    | db one\ncache | cache one\n");
        desk.typed = "bd\n";
        assertThat(desk.run("logs", "--output", "tty", "--no-color"))
                .isEqualTo(new Outcome(2, menu, "'bd' is none of them. Did you mean 'db'?\n"));
    }
}
