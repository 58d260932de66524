package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.health.Answer;
import dev.withstack.core.plan.Observed.Health;
import dev.withstack.core.plan.Observed.State;
import dev.withstack.launcher.Desk.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands that change nothing show. */
class LookTests {
    private static final Outcome NOT_RUNNING =
            new Outcome(7, "", "shop (dev) is not running. Start it with: ./stack dev shop\n");

    @TempDir
    Path directory;

    private Desk desk;

    @BeforeEach
    void sit() {
        desk = new Desk(directory);
    }

    @Test
    void statusWhenAllIsWellShowsWhatNeedsNothingFirst() {
        desk.run("start");

        assertThat(desk.run("status"))
                .isEqualTo(new Outcome(
                        0,
                        """
                                shop (dev)
                                SERVICE  STATE    HEALTH   ADDRESS          KIND      IMAGE                      STATUS
                                cache    running  –                         stand-in  cache:1 → offline/cache:1  Up 1 second
                                db       running  healthy  127.0.0.1:15432  upstream  db:1                       Up 1 second
                                api      running  –        127.0.0.1:18000  built     built from api             Up 1 second
                                – no check inside the container of cache, api: probed from outside only; ask with 'check'
                                """,
                        ""));
    }

    @Test
    void statusWhenTheEngineIsElsewhereShowsItsAddress() {
        desk.engine.host = "build.example.com";
        desk.run("start");

        assertThat(desk.run("status").out()).contains("db       running  healthy  build.example.com:15432");
    }

    @Test
    void statusWhenNothingIsThereIsExitCodeSeven() {
        assertThat(desk.run("status")).isEqualTo(NOT_RUNNING);
    }

    @Test
    void statusWhenAllIsStoppedIsExitCodeSeven() {
        desk.run("start");
        desk.run("stop");

        Outcome outcome = desk.run("status");

        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.out()).contains("db       exited");
    }

    @Test
    void statusWhenOneIsUnhealthyIsExitCodeEight() {
        desk.run("start");
        desk.engine.show(Desk.DEV, "db", State.RUNNING, Health.UNHEALTHY, "Up 3 minutes (unhealthy)");

        Outcome outcome = desk.run("status");

        assertThat(outcome.exitCode()).isEqualTo(8);
        assertThat(outcome.out()).contains("db       running  unhealthy  127.0.0.1:15432");
    }

    @Test
    void statusWhenOneIsCutOffFromItsNetworkIsExitCodeEight() {
        desk.run("start");
        desk.engine.cutOff(Desk.DEV, "db");

        Outcome outcome = desk.run("status");

        assertThat(outcome.exitCode()).isEqualTo(8);
        assertThat(outcome.out()).contains("db       running  cut off  127.0.0.1:15432");
    }

    @Test
    void statusWhenOneHasRunToItsEndIsWell() {
        desk.run("start");
        desk.engine.show(Desk.DEV, "cache", State.COMPLETED, Health.NONE, "Exited (0) 1 second ago");

        Outcome outcome = desk.run("status");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("cache    completed");
    }

    @Test
    void statusWhenOneHasExitedIsExitCodeEight() {
        desk.run("start");
        desk.engine.show(Desk.DEV, "cache", State.EXITED, Health.NONE, "Exited (137) 1 second ago");

        assertThat(desk.run("status").exitCode()).isEqualTo(8);
        assertThat(desk.run("status", "db").exitCode()).isZero();
    }

    @Test
    void statusWhenJsonIsWantedGivesALineForEachServiceAndOneForAll() {
        desk.run("dev");

        assertThat(desk.run("status", "--output", "json").out())
                .isEqualTo(
                        """
                        {"event":"service","service":"cache","state":"running","health":"unwatched","addresses":[],"image":{"asked":"cache:1","used":"offline/cache:1","standing":"stand-in","note":"no cache"},"status":"Up 1 second"}
                        {"event":"service","service":"db","state":"running","health":"healthy","addresses":["127.0.0.1:15432"],"image":{"asked":"db:1","used":"db:1","standing":"upstream","note":""},"status":"Up 1 second"}
                        {"event":"status","stack":"shop","environment":"dev","exitCode":0}
                        """);
    }

    @Test
    void statusWhenTheEngineIsSilentIsExitCodeThree() {
        desk.engine.unreachable =
                Optional.of(new DriverException(DriverException.Kind.ENGINE, "No engine answers.", "Start Docker."));

        assertThat(desk.run("status")).isEqualTo(new Outcome(3, "", "No engine answers.\n→ Start Docker.\n"));
    }

    @Test
    void environmentWhenNoneIsAskedForIsTheOneThatRuns() {
        desk.run("stage", "--set", "DB_PASSWORD=a-real-password-of-some-length-0123");

        assertThat(desk.run("status").out()).startsWith("shop (stage)\n");
        assertThat(desk.run("status", "--env", "dev").exitCode()).isEqualTo(7);
    }

    @Test
    void environmentWhenTwoRunIsSaid() {
        desk.run("start");
        desk.run("stage", "--set", "DB_PASSWORD=a-real-password-of-some-length-0123");

        assertThat(desk.run("status").err())
                .isEqualTo("shop runs in dev and stage; this is dev (--env for the other).\n");
    }

    @Test
    void listWhenSomethingRunsSaysWhere() {
        desk.run("dev");

        assertThat(desk.run("list"))
                .isEqualTo(new Outcome(
                        0,
                        """
                                STACK  ENVIRONMENTS          DESCRIPTION
                                kiosk                        A kiosk
                                shop   dev (2 of 2 running)  A shop: database, cache, API
                                """,
                        ""));
    }

    @Test
    void listWhenTheEngineIsSilentListsTheStacksAllTheSame() {
        desk.engine.unreachable =
                Optional.of(new DriverException(DriverException.Kind.ENGINE, "No engine answers.", ""));

        Outcome outcome = desk.run("list");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("shop   A shop: database, cache, API");
        assertThat(outcome.err()).isEqualTo("What is there can't be told: No engine answers.\n");
    }

    @Test
    void planWhenNothingIsThereSaysWhatDevWouldDoAndDoesNothing() {
        assertThat(desk.run("plan"))
                .isEqualTo(new Outcome(
                        0,
                        """
                                  1  create network shop-dev     not found
                                  2  create volume shop_db_data  not found
                                  3  create db                   not found  after 1, 2
                                  4  start db                    not found  after 3
                                  5  await db                    started  after 4
                                  6  create cache                not found  after 1
                                  7  start cache                 not found  after 6
                                  8  await cache                 started  after 7
                                """,
                        ""));
        assertThat(desk.engine.performed).isEmpty();
    }

    @Test
    void planWhenACommandIsNamedSaysWhatThatWouldDo() {
        assertThat(desk.run("plan", "start").out()).contains("create api");
        assertThat(desk.run("plan", "stage", "--set", "DB_PASSWORD=a-real-password")
                        .out())
                .contains("create network shop-stage");
    }

    @Test
    void planWhenJsonIsWantedIsOneLine() {
        desk.run("dev");

        assertThat(desk.run("plan", "--output", "json").out())
                .startsWith(
                        "{\"event\":\"plan\",\"stack\":\"shop\",\"environment\":\"dev\",\"steps\":[{\"number\":1,\"step\":\"await db\",\"service\":\"db\",\"cause\":\"running, unchanged\",\"after\":[]}")
                .hasLineCount(1);
    }

    @Test
    void timingsWhenTheStackWasStartedShowWhatEachWaitedForAndWhatDecided() {
        desk.run("start");

        assertThat(desk.run("timings"))
                .isEqualTo(new Outcome(
                        0,
                        """
                                shop (dev), started at 2026-01-31T12:00:00Z
                                  SERVICE  WAITED FOR  STARTED   TOOK   READY
                                  db                   at 0.0 s  0.0 s  at 0.0 s
                                ▸ cache                at 0.0 s  0.0 s  at 0.0 s
                                ▸ api      db, cache   at 0.0 s  0.0 s  at 0.0 s
                                ready in 0.0 s: cache 0.0 → api 0.0
                                """,
                        ""));
    }

    @Test
    void timingsWhenPartWasRestartedTellThoseThatRanAlready() {
        desk.run("start");
        desk.run("restart", "api");

        assertThat(desk.run("timings").out())
                .contains("db                   ran already\n")
                .contains("api      db, cache   at 0.0 s     0.0 s  at 0.0 s");
    }

    @Test
    void timingsWhenNoStartIsRememberedAreExitCodeSeven() {
        desk.run("start");
        desk.run("down", "--volumes", "--yes");

        assertThat(desk.run("timings"))
                .isEqualTo(
                        new Outcome(7, "", "No start of shop (dev) is remembered. Start it with: ./stack dev shop\n"));
    }

    @Test
    void timingsWhenAPageIsWantedAreOneThatNeedsNothingElse() {
        desk.run("start");

        assertThat(desk.run("timings", "--format", "html").out())
                .startsWith("<!doctype html>")
                .contains("<svg ", "<td>▸ api</td>", "</html>")
                .doesNotContain("src=", "href=", "url(");
        assertThat(desk.run("timings", "--format", "svg").out())
                .startsWith("<svg ")
                .endsWith("</svg>\n");
    }

    @Test
    void timingsWhenJsonIsWantedGiveALineForEachServiceAndOneForAll() {
        desk.run("start");

        assertThat(desk.run("timings", "--output", "json").out())
                .contains(
                        "{\"event\":\"timing\",\"service\":\"api\",\"waitedFor\":[\"db\",\"cache\"],\"ranAlready\":false,\"started\":0.0,\"ready\":0.0,\"seconds\":0.0}\n")
                .endsWith(
                        "{\"event\":\"timings\",\"at\":\"2026-01-31T12:00:00Z\",\"stack\":\"shop\",\"environment\":\"dev\",\"seconds\":0.0,\"criticalPath\":[{\"service\":\"cache\",\"seconds\":0.0},{\"service\":\"api\",\"seconds\":0.0}]}\n");
    }

    @Test
    void urlsWhenSomethingRunsShowsItsAddressesAndPages() {
        desk.run("start");

        assertThat(desk.run("urls").out())
                .isEqualTo(
                        """
                        SERVICE  ADDRESS
                        db       127.0.0.1:15432
                        cache    – not published
                        api      http://127.0.0.1:18000/docs
                        """);
    }

    @Test
    void urlsWhenNothingRunsIsExitCodeSeven() {
        assertThat(desk.run("urls")).isEqualTo(NOT_RUNNING);
    }

    @Test
    void envWhenNoServiceIsNamedShowsThoseForTheHostWithSecretsMasked() {
        assertThat(desk.run("env").out()).isEqualTo("DB_URL='db://shop:***@127.0.0.1:15432'\nGREETING=\"it's here\"\n");
    }

    @Test
    void envWhenSecretsAreAskedForShowsThem() throws IOException {
        desk.dotEnv("DB_PASSWORD=very-secret-word");

        assertThat(desk.run("env", "api", "--for", "container", "--format", "shell", "--show-secrets")
                        .out())
                .isEqualTo("export DB_URL=db://shop:very-secret-word@db:5432\nexport GREETING='it'\\''s here'\n");
    }

    @Test
    void envWhenJsonIsWantedIsOneObject() {
        assertThat(desk.run("env", "db", "--format", "json").out())
                .contains("\"service\":\"db\"")
                .contains("\"environment\":{\"DB_PASSWORD\":\"***\"}")
                .hasLineCount(1);
    }

    @Test
    void logsWhenSeveralServicesSpokeAreMergedByTime() {
        desk.run("dev");
        say("db", -30, "db one");
        say("db", -10, "db two");
        say("cache", -20, "cache one");

        assertThat(desk.run("logs"))
                .isEqualTo(new Outcome(0, "db    | db one\ncache | cache one\ndb    | db two\n", ""));
    }

    @Test
    void logsWhenFewLinesAreWantedShowsTheLastOfEach() {
        desk.run("dev");
        say("db", -30, "db one");
        say("db", -10, "db two");

        assertThat(desk.run("logs", "db", "--tail", "1").out()).isEqualTo("db | db two\n");
        assertThat(desk.run("logs", "db", "--since", "20s").out()).isEqualTo("db | db two\n");
        assertThat(desk.run("logs", "db", "--since", "2026-01-31T11:59:45Z").out())
                .isEqualTo("db | db two\n");
        assertThat(desk.run("logs", "db", "--tail", "all").out()).hasLineCount(2);
    }

    @Test
    void logsWhenTheyHoldASecretMaskIt() throws IOException {
        desk.dotEnv("DB_PASSWORD=very-secret-word");
        desk.run("dev");
        say("db", -30, "login with very-secret-word refused");

        assertThat(desk.run("logs").out()).isEqualTo("db    | login with *** refused\n");
    }

    @Test
    void logsWhenTheServiceIsNotThereIsExitCodeSeven() {
        desk.run("dev");

        assertThat(desk.run("logs", "api"))
                .isEqualTo(new Outcome(7, "", "api of shop (dev) is not there. Start it with: ./stack start api\n"));
        assertThat(desk.run("logs", "dbb").exitCode()).isEqualTo(2);
    }

    @Test
    void logsWhenNobodyReadsThemAnyMoreEndQuietly() {
        desk.run("dev");
        say("db", -30, "db one");
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int exitCode = desk.runTo(new BrokenPipe(), err, "logs");

        assertThat(exitCode).isZero();
        assertThat(err.size()).isZero();
    }

    @Test
    void logsWhenAPatternIsGivenShowTheLinesInWhichItIsFound() {
        desk.run("dev");
        say("db", -30, "error one");
        say("db", -20, "error two");
        say("db", -10, "all is well");
        say("cache", -5, "ERROR three");

        assertThat(desk.run("logs", "--grep", "err.r").out()).isEqualTo("db    | error one\ndb    | error two\n");
        assertThat(desk.run("logs", "--grep", "(?i)err.r", "--tail", "1").out())
                .isEqualTo("db    | error two\ncache | ERROR three\n");
        assertThat(desk.run("logs", "--grep", "err["))
                .isEqualTo(new Outcome(
                        2,
                        "",
                        "'err[' is no regular expression for --grep: Unclosed character class. A backslash takes a sign as"
                                + " it is: \\[\n"));
    }

    @Test
    void eventsWhenAMomentIsGivenShowWhatHasHappenedSinceThen() {
        desk.run("start");
        happened(-30, new ContainerEvent.Started("db", ""));
        happened(-20, new ContainerEvent.HealthChanged("db", "", "unhealthy"));
        happened(-10, new ContainerEvent.Died("api", "", 137, Desk.NOW));

        assertThat(desk.run("events", "--since", "25s"))
                .isEqualTo(new Outcome(
                        0,
                        """
                                2026-01-31T11:59:40Z  db                    unhealthy
                                2026-01-31T11:59:50Z  api                   killed from outside (SIGKILL)
                                """,
                        ""));
        assertThat(desk.run("events", "api", "--since", "1h", "--output", "json")
                        .out())
                .isEqualTo(
                        "{\"event\":\"happening\",\"at\":\"2026-01-31T11:59:50Z\",\"service\":\"api\",\"what\":\"ended\",\"exitCode\":137,\"text\":\"killed from outside (SIGKILL)\"}\n");
    }

    @Test
    void eventsWhenTheMomentIsNoneSayHowToWriteIt() {
        assertThat(desk.run("events", "--since", "yesterday").err())
                .isEqualTo(
                        "'yesterday' is no time for --since. Write how long ago, like 10m, or when, like 2026-01-31T12:00:00Z.\n");
    }

    @Test
    void topWhenServicesRunShowsWhatEachUsesAgainstItsLimit() {
        desk.run("start");
        desk.engine.usage.put("db", new Driver.Usage(0.254, 64L << 20, 128L << 20, 7));

        assertThat(desk.run("top"))
                .isEqualTo(new Outcome(
                        0,
                        """
                                SERVICE  CPUS  MEMORY    OF               PIDS
                                api      –
                                cache    –
                                db       0.25  64.0 MiB  128.0 MiB  50 %  7
                                """,
                        ""));
        assertThat(desk.run("top", "db", "--output", "json").out())
                .isEqualTo(
                        "{\"event\":\"usage\",\"service\":\"db\",\"cpus\":0.254,\"memoryBytes\":67108864,\"memoryLimitBytes\":134217728,\"pids\":7}\n");
        assertThat(desk.run("top", "shopp").exitCode()).isEqualTo(2);
    }

    @Test
    void topWhenNothingRunsIsExitCodeSeven() {
        assertThat(desk.run("top")).isEqualTo(NOT_RUNNING);
    }

    @Test
    void shellWhenAskedForByItsAliasHandsOverTheTerminalWithoutShowingTheSecret() {
        desk.run("dev");
        desk.terminal = Desk.person();
        desk.exitCodeOfOthers = 3;

        Outcome outcome = desk.run("shell", "sql", "--", "-c", "select 1");

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(desk.handedOver.get(0))
                .containsExactly(
                        "docker",
                        "exec",
                        "-i",
                        "-t",
                        "-e",
                        "PGPASSWORD",
                        "shop-dev-db",
                        "psql",
                        "-U",
                        "shop",
                        "-c",
                        "select 1");
        assertThat(desk.handedVariables).containsEntry("PGPASSWORD", "development");
    }

    @Test
    void shellWhenTheServiceHasNoneOfItsOwnOpensSh() {
        desk.run("dev");

        desk.run("shell", "cache");

        assertThat(desk.handedOver.get(0)).containsExactly("docker", "exec", "-i", "shop-dev-cache", "sh");
    }

    @Test
    void shellWhenTheServiceIsNotRunningIsExitCodeSeven() {
        assertThat(desk.run("shell", "sql"))
                .isEqualTo(new Outcome(7, "", "db of shop (dev) is not running. Start it with: ./stack start db\n"));
    }

    @Test
    void execWhenTheCommandHasOptionsPassesThemOnAndItsExitCodeBack() {
        desk.run("dev");
        desk.exitCodeOfOthers = 9;

        assertThat(desk.run("exec", "--env", "dev", "shop", "cache", "ls", "-l", "--", "x")
                        .exitCode())
                .isEqualTo(9);
        assertThat(desk.run("exec", "cache", "--", "ls", "-l").exitCode()).isEqualTo(9);
        assertThat(desk.handedOver.get(1)).containsExactly("docker", "exec", "-i", "shop-dev-cache", "ls", "-l");
    }

    @Test
    void execWhenDockersProgramIsMissingRunsWithoutATerminal() {
        desk.run("dev");
        desk.noDocker = Optional.of(new IOException("no docker"));
        desk.engine.answerToExec = new Driver.ExecResult(4, "out\n", "err\n");

        assertThat(desk.run("exec", "cache", "ls")).isEqualTo(new Outcome(4, "out\n", "err\n"));
    }

    @Test
    void checkWhenNothingRunsIsExitCodeSeven() {
        Outcome outcome = desk.run("check");

        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.out()).contains("! note   db        is not started\n");
    }

    @Test
    void checkWhenSomethingIsDownSaysWhatItHoldsBackAndWhatToDo() {
        desk.run("start");
        desk.engine.show(Desk.DEV, "db", State.EXITED, Health.NONE, "Exited (137)");
        desk.engine.answers.put("api", new Answer.NotReady("GET /health answered 503"));

        Outcome outcome = desk.run("check");

        assertThat(outcome.exitCode()).isEqualTo(8);
        assertThat(outcome.out())
                .isEqualTo(
                        """
                        Engine and machine
                        ✔ ok     engine    an engine in memory
                        ✔ ok     ports     held: 18000 api; free: 15432 db
                        Settings
                        ✔ ok     settings  complete: 0 given, the other 16 as usual (config shows them)
                        Images
                        ✔ ok     images    all 3 are here
                        Services
                        ✘ wrong  db        is down: killed from outside (SIGKILL); its last words: the last line of db
                                          → start db, or first: logs db
                        ✔ ok     cache     answers to api, and is not published on this host; a stand-in for cache:1: no cache
                        ✘ wrong  api       is not healthy because db, which it needs, is not: GET /health answered 503
                                          → see to db first
                        """);
    }

    @Test
    void checkWhenASettingIsNotFitForAStartSaysSoBesideTheEngine() {
        Outcome outcome = desk.run("check", "--env", "prod");

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.out())
                .startsWith("Engine and machine\n✔ ok     engine")
                .contains("Settings\n✘ wrong  DB_PASSWORD  ");
    }

    @Test
    void statusAndCheckWhenARestoreWasKilledSayWhatIsInDoubt() throws IOException {
        desk.run("start");
        Files.writeString(
                directory.resolve("state/withstack/shop-dev.restore"),
                "db\t2026-11-29T06:00:00Z\t/safe/one\ncache\t2026-11-29T06:00:00Z\t/safe/one\n");
        String doubt =
                "A restore of '/safe/one' did not come to its end (2026-11-29T06:00:00Z): db, cache hold what was there"
                        + " before, or some of both.";

        assertThat(desk.run("status").err()).isEqualTo(doubt + " To do: run it again: restore /safe/one.\n");
        Outcome check = desk.run("check");

        assertThat(check.exitCode()).isEqualTo(8);
        assertThat(check.out()).contains("✘ wrong  restore   " + doubt).contains("→ run it again: restore /safe/one");
    }

    @Test
    void checkWhenJsonIsWantedGivesAFindingALine() {
        desk.run("dev");

        assertThat(desk.run("check", "--output", "json").out())
                .contains(
                        "{\"event\":\"finding\",\"group\":\"host\",\"subject\":\"engine\",\"verdict\":\"good\",\"text\":\"an engine in memory\",\"fix\":\"\"}\n");
    }

    private void happened(int seconds, ContainerEvent event) {
        desk.engine.past.add(new Driver.Happening(Desk.NOW.plus(Duration.ofSeconds(seconds)), event));
    }

    private void say(String service, int seconds, String text) {
        desk.engine.log.add(new Driver.LogLine(service, Desk.NOW.plus(Duration.ofSeconds(seconds)), text));
    }

    private static final class BrokenPipe extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            throw new IOException("Broken pipe");
        }
    }
}
