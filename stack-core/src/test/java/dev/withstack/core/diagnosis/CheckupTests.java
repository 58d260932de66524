package dev.withstack.core.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.driver.FakeDriver;
import dev.withstack.core.engine.Selection;
import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.engine.UpOptions;
import dev.withstack.core.health.Answer;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckupTests {
    @TempDir
    Path directory;

    private final FakeDriver driver = new FakeDriver(Clock.systemUTC());

    @Test
    void runWhenAllIsWellSaysFromWhereEachAnswers() throws InterruptedException {
        start("db", "api");

        assertThat(findings())
                .containsExactly(
                        "GOOD engine a host in memory",
                        "GOOD db answers to api, on this host at 127.0.0.1:5433",
                        "GOOD api answers to db, and is not published on this host");
    }

    @Test
    void runWhenADependencyIsDownNamesItAsTheCause() throws InterruptedException {
        start("db", "api");
        driver.die("db", 3);
        driver.answer("api", () -> new Answer.NotReady("answered 503"));

        assertThat(findings())
                .containsExactly(
                        "GOOD engine a host in memory",
                        "BAD db is down: exited with code 3; its last words: the last line of db"
                                + " -> start db, or first: logs db",
                        "BAD api is not healthy because db, which it needs, is not: answered 503 -> see to db first");
    }

    @Test
    void runWhenAServiceRunsAndDoesNotAnswerBlamesItAlone() throws InterruptedException {
        start("db", "api");
        driver.answer("api", () -> new Answer.NotReady("connection refused"));

        assertThat(findings()).contains("BAD api is running but does not answer: connection refused -> logs api");
    }

    @Test
    void runWhenAPortIsTakenAndTheServiceDownNamesTheOwner() throws InterruptedException {
        driver.portTaken(5433, "process 'postgres' (pid 4711)");

        assertThat(findings())
                .contains("BAD db is down, and its port 5433 is taken by process 'postgres' (pid 4711)"
                        + " -> stop that, set DB_PORT to another port, or start with --auto-ports");
    }

    @Test
    void runWhenAServiceIsRunOnTheHostInsteadSaysSo() throws InterruptedException {
        start("db");
        driver.portTaken(18000, "process 'uvicorn' (pid 4712)");
        StackDefinition onHost = stack(api().hostPort(18000).onHost("api", "uvicorn"));

        assertThat(new Checkup(driver, onHost).run())
                .contains(Finding.good(
                        "api",
                        "runs on this host (its port 18000 is taken by process 'uvicorn' (pid 4712)) and answers"));
    }

    @Test
    void runWhenNothingNeedsAnAbsentServiceOnlyRemarksOnIt() throws InterruptedException {
        start("db");

        assertThat(findings()).contains("DOUBTFUL api is not started -> start api");
    }

    @Test
    void runWhenSomethingNeedsAnAbsentServiceIsBad() throws InterruptedException {
        start("db", "api");
        driver.removeByHand("db");

        assertThat(findings()).contains("BAD db is down: it has no container, and others need it -> start db");
    }

    @Test
    void runWhenServicesRunOnceOrOnRequestTakesThemForWhatTheyAre() throws InterruptedException {
        StackDefinition definition = StackDefinition.of("shop", Environment.DEV)
                .add(Service.image("seed", "seed:1").runsOnce())
                .add(db().onRequest())
                .add(Service.image("api", "api:1")
                        .port("http", 80)
                        .needs(Dependency.optional(Dependency.healthy("db")))
                        .probe(Probe.command("ok")))
                .build();
        new StackEngine(driver, directory, Clock.systemUTC())
                .up(definition, Selection.all(), UpOptions.DEFAULT, event -> {})
                .close();

        assertThat(new Checkup(driver, definition).run())
                .contains(
                        Finding.good("seed", "completed"),
                        Finding.good("db", "is not started, as nobody has asked for it"));
    }

    private static Service db() {
        return Service.image("db", "db:1").port("sql", 5432).hostPort(5433).probe(Probe.command("ok"));
    }

    private static Service api() {
        return Service.image("api", "api:1").port("http", 8000).needs(db()).probe(Probe.command("ok"));
    }

    private static StackDefinition stack(Service api) {
        return StackDefinition.of("shop", Environment.DEV).add(db(), api).build();
    }

    private void start(String... services) {
        // the engine is left open: closing it would close the driver
        new StackEngine(driver, directory, Clock.systemUTC())
                .up(stack(api()), new Selection.WithNeeds(List.of(services)), UpOptions.DEFAULT, event -> {})
                .close();
    }

    private List<String> findings() throws InterruptedException {
        return new Checkup(driver, stack(api()))
                .run().stream()
                        .map(finding -> finding.verdict() + " " + finding.subject() + " " + finding.text()
                                + (finding.fix().isEmpty() ? "" : " -> " + finding.fix()))
                        .toList();
    }
}
