package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.health.Answer;
import dev.withstack.launcher.Desk.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code dev}, {@code start}, {@code stage}, {@code prod} and {@code restart} do and show. */
class UpTests {
    @TempDir
    Path directory;

    private Desk desk;

    @BeforeEach
    void sit() {
        desk = new Desk(directory);
    }

    @Test
    void devWhenNothingIsThereStartsTheInfrastructureAndTellsHowToRunTheRest() {
        Outcome outcome = desk.run("dev", "--auto-ports");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(afterProgress(outcome))
                .isEqualTo(
                        """
                        SERVICE  STATE    HEALTH   ADDRESS          TOOK   KIND      IMAGE
                        db       running  healthy  127.0.0.1:15432  0.0 s  upstream  db:1
                        cache    running  healthy                   0.0 s  stand-in  cache:1 → offline/cache:1

                        ready in 0.0 s: cache 0.0

                        To run api on this host:

                          cd %s/api
                          export DB_URL=db://shop:development@127.0.0.1:15432
                          export GREETING='it'\\''s here'
                          serve --reload
                        """
                                .formatted(directory));
        assertThat(desk.engine.performed())
                .contains("create db", "start db", "create cache", "start cache")
                .doesNotContain("create api");
    }

    @Test
    void devWhenTheUserHasSetASecretFetchesItByACommandInsteadOfShowingIt() throws IOException {
        desk.dotEnv("DB_PASSWORD=very-secret-word");

        Outcome outcome = desk.run("dev");

        assertThat(outcome.out())
                .doesNotContain("very-secret-word")
                .doesNotContain("export DB_URL")
                .contains("  export GREETING=")
                .contains("  eval \"$(./stack env shop api --project " + directory
                        + " --format shell --show-secrets)\"\n");
    }

    @Test
    void devWhenAllIsAsItShouldBeChangesNothingAndSaysSo() {
        desk.run("dev");
        desk.engine.performed();

        Outcome outcome = desk.run("dev");

        assertThat(desk.engine.performed()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .startsWith(
                        """
                        shop (dev) is up; nothing to change.

                        SERVICE  STATE    HEALTH   ADDRESS          KIND      IMAGE
                        db       running  healthy  127.0.0.1:15432  upstream  db:1
                        """);
    }

    @Test
    void startWhenNothingIsThereStartsEverythingAndTellsEachStep() {
        Outcome outcome = desk.run("start");

        assertThat(outcome.out()
                        .lines()
                        .filter(line -> line.startsWith("   0.0 s  "))
                        .map(line -> line.substring(10)))
                .contains(
                        "create network shop-dev",
                        "create volume shop_db_data",
                        "create api",
                        "start api",
                        "db is ready",
                        "api is ready")
                .doesNotContain("await api");
        assertThat(outcome.out())
                .contains("api      running  healthy  http://127.0.0.1:18000/docs  0.0 s  built     built from api\n")
                .endsWith("ready in 0.0 s: cache 0.0 → api 0.0\n");
    }

    @Test
    void startWhenOnlyTheInfrastructureIsWantedLeavesTheRest() {
        desk.run("start", "--infra");

        assertThat(desk.engine.performed()).contains("start db", "start cache").doesNotContain("start api");
    }

    @Test
    void startWhenServicesAreNamedStartsThemWithWhatTheyNeed() {
        desk.run("start", "cache");

        assertThat(desk.engine.performed()).contains("start cache").doesNotContain("start db");
    }

    @Test
    void startWhenOneServiceAloneIsWantedRefusesIfWhatItNeedsIsNotRunning() {
        Outcome outcome = desk.run("start", "--only", "api");

        assertThat(outcome.exitCode()).isEqualTo(5);
        assertThat(outcome.err())
                .isEqualTo(
                        """
                        Nothing was started:
                          - api: needs 'db', which is not running and was not asked for. Start it first, or leave --only out.
                          - api: needs 'cache', which is not running and was not asked for. Start it first, or leave --only out.
                        """);
        assertThat(desk.engine.performed()).isEmpty();
    }

    @Test
    void startWhenAPortIsTakenNamesItsOwnerAndTheWayOut() {
        desk.engine.portOwners.put(15432, "process 'postgres' (pid 4711)");

        Outcome outcome = desk.run("start");

        assertThat(outcome.exitCode()).isEqualTo(5);
        assertThat(outcome.err())
                .isEqualTo(
                        """
                        Nothing was started:
                          - db: port 15432 is taken by process 'postgres' (pid 4711). Stop that, set DB_PORT to another port, or start with --auto-ports.
                        """);
    }

    @Test
    void startWhenPortsMayMoveTakesTheNextFreeOne() {
        desk.engine.portOwners.put(15432, "process 'postgres' (pid 4711)");

        assertThat(desk.run("start", "--auto-ports").out()).contains("db       running  healthy  127.0.0.1:15433 ");
        assertThat(desk.run("urls").out()).contains("db       127.0.0.1:15433\n");
    }

    @Test
    void startWhenAServiceCanNotBecomeReadyFailsWithTheDiagnosisAndTakesBack() {
        desk.engine.answers.put("api", new Answer.Hopeless("it refuses the password of db", "reset db"));

        Outcome outcome = desk.run("start");

        assertThat(outcome.exitCode()).isEqualTo(5);
        assertThat(outcome.err())
                .isEqualTo(
                        """
                        'api' failed while becoming ready: it refuses the password of db
                          last log lines:
                            | the last line of api
                          try next:
                            reset db
                        """);
        assertThat(outcome.out())
                .contains("api failed; taking back what was begun")
                .contains("took back what was begun: ");
        assertThat(desk.run("status").exitCode()).isEqualTo(7);
    }

    @Test
    void startWhenAServiceIsNotReadyInTimeIsExitCodeSix() {
        desk.engine.answers.put("cache", new Answer.NotReady("warming up"));

        Outcome outcome = desk.run("start", "--timeout", "0ms");

        assertThat(outcome.exitCode()).isEqualTo(6);
        // no time at all may be too little for the first answer of the other one, too
        assertThat(outcome.err())
                .containsPattern("'(cache|db)' failed while becoming ready: not ready after 0 s\\.")
                .contains("held back: api");
    }

    @Test
    void startWhenTheFailedIsToBeKeptKeepsIt() {
        desk.engine.answers.put("api", new Answer.Hopeless("broken", ""));

        desk.run("start", "--keep");

        assertThat(desk.run("status").out()).contains("api      running");
    }

    @Test
    void startWhenJsonIsWantedGivesOneEventALine() {
        Outcome outcome = desk.run("start", "--output", "json");

        assertThat(outcome.out().lines()).allMatch(line -> line.startsWith("{\"event\":\"") && line.endsWith("}"));
        assertThat(outcome.out())
                .contains("{\"event\":\"ready\",\"at\":\"2026-01-31T12:00:00Z\",\"service\":\"api\"}")
                .contains(
                        "{\"event\":\"service\",\"service\":\"cache\",\"state\":\"running\",\"health\":\"healthy\",\"addresses\":[],\"image\":{\"asked\":\"cache:1\",\"used\":\"offline/cache:1\",\"standing\":\"stand-in\",\"note\":\"no cache\"},\"seconds\":0.0,\"status\":\"\"}");
    }

    @Test
    void startWhenJsonIsWantedAndItFailsGivesTheErrorAsAnEventToo() {
        desk.engine.answers.put("api", new Answer.Hopeless("broken", ""));

        Outcome outcome = desk.run("start", "--output", "json");

        assertThat(outcome.out()).contains("{\"event\":\"failed\"").contains("{\"event\":\"error\",\"exitCode\":5,");
        assertThat(outcome.err()).startsWith("'api' failed while becoming ready: broken");
    }

    @Test
    void startWhenQuietSaysNothing() {
        assertThat(desk.run("start", "--output", "quiet")).isEqualTo(new Outcome(0, "", ""));
    }

    @Test
    void stageWhenSecretsAreMissingRefusesWithAllOfThem() {
        Outcome outcome = desk.run("stage");

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err())
                .isEqualTo(
                        """
                        The settings of shop are not fit for stage:
                          - DB_PASSWORD: is not set, and stage needs it. Generate one, for example with: openssl rand -hex 32
                        """);
    }

    @Test
    void outputWhenItWouldHoldASecretMasksIt() throws IOException {
        desk.dotEnv("DB_PASSWORD=very-secret-word");
        desk.engine.answers.put("api", new Answer.Hopeless("can't log in with very-secret-word", ""));

        Outcome outcome = desk.run("start");

        assertThat(outcome.err()).contains("can't log in with ***");
        assertThat(outcome.out() + outcome.err()).doesNotContain("very-secret-word");
    }

    @Test
    void restartWhenOnlyTheInfrastructureRunsRestartsThatAlone() {
        desk.run("dev");
        desk.engine.performed();

        Outcome outcome = desk.run("restart");

        assertThat(outcome.exitCode()).isZero();
        assertThat(desk.engine.performed())
                .containsExactlyInAnyOrder("stop db", "stop cache", "start db", "start cache");
        assertThat(outcome.out()).contains("ready in 0.0 s");
    }

    @Test
    void restartWhenItWouldBringOtherSettingsAlongTouchesNothingAndSaysWhich() {
        desk.run("start", "--set", "DB_PASSWORD=of-the-first-terminal");
        desk.engine.performed();

        Outcome outcome = desk.run("restart", "api");

        assertThat(outcome)
                .isEqualTo(
                        new Outcome(
                                4,
                                "",
                                """
                        shop (dev) was started with other settings than those given now, so nothing was touched:
                          db: config changed: env DB_PASSWORD
                          api: config changed: env DB_URL
                        Give it the same (--set, environment, .env), or let those of now take effect with: ./stack restart --apply
                        """));
        assertThat(desk.engine.performed()).isEmpty();
    }

    @Test
    void restartWhenTheSameSettingsAreGivenOrThoseOfNowAreAskedForGoesOn() {
        desk.run("start", "--set", "DB_PASSWORD=of-the-first-terminal");
        desk.engine.performed();

        assertThat(desk.run("restart", "api", "--set", "DB_PASSWORD=of-the-first-terminal")
                        .exitCode())
                .isZero();
        assertThat(desk.engine.performed()).containsExactly("stop api", "start api");
        assertThat(desk.run("restart", "api", "--apply").exitCode()).isZero();
        assertThat(desk.engine.performed()).contains("create db", "create api");
    }

    @Test
    void superviseWhenNothingRunsIsExitCodeSeven() {
        assertThat(desk.run("supervise"))
                .isEqualTo(new Outcome(7, "", "shop (dev) is not running. Start it with: ./stack dev shop\n"));
    }

    @Test
    void restartWhenNothingRunsIsExitCodeSeven() {
        assertThat(desk.run("restart"))
                .isEqualTo(new Outcome(7, "", "shop (dev) is not running. Start it with: ./stack dev shop\n"));
    }

    private static String afterProgress(Outcome outcome) {
        return outcome.out().substring(outcome.out().indexOf("SERVICE"));
    }
}
