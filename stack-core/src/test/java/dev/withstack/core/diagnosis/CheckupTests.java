package dev.withstack.core.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.driver.Capacity;
import dev.withstack.core.driver.FakeDriver;
import dev.withstack.core.engine.Selection;
import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.engine.UpOptions;
import dev.withstack.core.health.Answer;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.Observed;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
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
                        "GOOD ports held: 5433 db",
                        "GOOD images all 2 are here",
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
                        "GOOD ports free: 5433 db",
                        "GOOD images all 2 are here",
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
                        Finding.Group.SERVICES,
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
                        Finding.good(Finding.Group.SERVICES, "seed", "completed"),
                        Finding.good(Finding.Group.SERVICES, "db", "is not started, as nobody has asked for it"));
    }

    @Test
    void runWhenTheMachineHasLittleSaysForWhom() throws InterruptedException {
        start("db", "api");
        driver.capacity(
                new Capacity(2, 2L << 30, Optional.of(new Capacity.Disk("/var/lib/docker", 100L << 20, 40L << 30))));

        StackDefinition greedy = stack(api().limits(Limits.NONE.cpus(4).memory("3g")));

        assertThat(texts(new Checkup(driver, greedy).run()))
                .contains(
                        "BAD cpus 'api' may use 4.0 CPUs, and there are 2: the engine refuses that"
                                + " -> set API_CPUS to 2 or less",
                        "DOUBTFUL memory 2.0 GiB; the limits of the services add up to 3.0 GiB: when all use what they may,"
                                + " some are killed -> lower a limit, such as API_MEMORY (3.0 GiB)",
                        "BAD disk 100.0 MiB of 40.0 GiB free in /var/lib/docker: servers can't write"
                                + " -> remove what is not needed: docker system df shows what takes the room");
    }

    @Test
    void runWhenTheMachineHasEnoughSaysHowMuch() throws InterruptedException {
        driver.capacity(new Capacity(8, 16L << 30, Optional.empty()));

        assertThat(findings()).contains("GOOD cpus 8", "GOOD memory 16.0 GiB; no service has a limit");
    }

    @Test
    void runWhenAnImageIsNotThereSaysWhatTheNextStartDoes() throws InterruptedException {
        driver.image("db", new ImageUse("db:1", "db:1", "", ImageUse.Standing.UPSTREAM, "", ""));
        driver.image("api", new ImageUse("built from api", "shop-api", "", ImageUse.Standing.BUILT, "", ""));

        assertThat(findings())
                .contains(
                        "DOUBTFUL db db:1 is not here yet; the next start asks a registry for it -> pull db",
                        "DOUBTFUL api its image is not built yet; the next start builds it -> build api");
    }

    @Test
    void runWhenAContainerIsPausedSaysThat() throws InterruptedException {
        start("db", "api");
        driver.pauseByHand("db");

        assertThat(findings())
                .contains("BAD db is down: paused: its processes are frozen; its last words: the last line of db"
                        + " -> start db, or first: logs db");
    }

    @Test
    void runWhenAContainerIsCutOffTellsTheNetworkFromTheService() throws InterruptedException {
        start("db", "api");
        driver.cutOffByHand("db");
        driver.answer("db", () -> new Answer.NotReady("no route to host"));

        assertThat(findings())
                .contains("BAD db does not answer, and is cut off from the network shop-dev, which it belongs to"
                        + " -> start db, which makes its container anew; its data stays");
    }

    @Test
    void runWhenContainerAndVolumeAreGoneSaysThatTheDataIs() throws InterruptedException {
        start("db", "api");
        driver.removeByHand("db");
        StackDefinition withData = StackDefinition.of("shop", Environment.DEV)
                .add(db().volume("db_data", "/data"), api())
                .build();

        assertThat(texts(new Checkup(driver, withData).run()))
                .contains(
                        "BAD db is down: it has no container, and others need it; its volume shop_db_data is gone too, so"
                                + " it would begin with no data -> start db");
    }

    @Test
    void runWhenSomethingIsNoLongerPartOfTheStackSaysHowToRemoveIt() throws InterruptedException {
        start("db", "api");
        driver.volume(new Observed.Volume("shop_old_data", "shop/dev", ""));
        StackDefinition smaller =
                StackDefinition.of("shop", Environment.DEV).add(db()).build();

        assertThat(texts(new Checkup(driver, smaller).run()))
                .contains(
                        "DOUBTFUL api container shop-dev-api is there but no longer part of the stack -> down api",
                        "DOUBTFUL shop_old_data the volume belongs to the stack, and no service uses it any more"
                                + " -> look into it, then: docker volume rm shop_old_data");
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
        return texts(new Checkup(driver, stack(api())).run());
    }

    private static List<String> texts(List<Finding> findings) {
        return findings.stream()
                .map(finding -> finding.verdict() + " " + finding.subject() + " " + finding.text()
                        + (finding.fix().isEmpty() ? "" : " -> " + finding.fix()))
                .toList();
    }
}
