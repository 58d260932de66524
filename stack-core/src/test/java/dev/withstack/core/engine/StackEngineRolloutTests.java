package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Lineup;
import dev.withstack.core.model.Lineup.Colour;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Fingerprint;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.PlanRefusedException;
import dev.withstack.core.plan.Step;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New versions beside old ones: what is done in which order, what a failure leaves, and how it goes on or back. */
class StackEngineRolloutTests {
    private static final Service DB = Play.db();

    @TempDir
    Path state;

    private Play play;

    private HttpServer web;

    /** What is ready answers 200; a fake that said so itself would not be asked by the probe. */
    @BeforeEach
    void prepare() throws IOException {
        web = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        web.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        web.start();
        play = new Play(state);
        play.driver.webAt(new HostAndPort("127.0.0.1", web.getAddress().getPort()));
        play.engine.up(shop("1"), Selection.all(), UpOptions.DEFAULT, play.events::add);
        play.driver.forgetPerformed();
        play.events.clear();
    }

    @AfterEach
    void end() {
        web.stop(0);
    }

    @Test
    void updateWhenThereIsAnEntryReplacesOneReplicaAfterTheOther() {
        update("2");

        assertThat(play.driver.performed())
                .containsExactly(
                        "lead api to blue 2",
                        "set api-1 aside",
                        "create api-1",
                        "start api-1",
                        "lead api to green 1",
                        "drain api-1",
                        "stop api-1",
                        "remove replaced api-1",
                        "set api-2 aside",
                        "create api-2",
                        "start api-2",
                        "lead api to green 2",
                        "drain api-2",
                        "stop api-2",
                        "remove replaced api-2");
        assertThat(versions()).containsExactly("2", "2");
        assertThat(play.driver.aside()).isEmpty();
    }

    @Test
    void updateWhenItWasUpdatedBeforeTakesTheOtherColour() {
        update("2");
        update("3");

        assertThat(play.driver.lineups()).isEqualTo(Map.of("api", new Lineup(Colour.BLUE, 2)));
        assertThat(versions()).containsExactly("3", "3");
    }

    @Test
    void updateWhenNothingChangedDoesNothing() {
        update("1");

        assertThat(play.driver.performed()).isEmpty();
    }

    @Test
    void updateWhenTheSecondIsNeverReadyTakesItBackAndLeavesTheFirstNew() {
        play.driver.readyAfter("api-2", Duration.ofDays(1));

        assertThatThrownBy(() -> update("2")).isInstanceOf(StartFailedException.class);

        assertThat(versions()).containsExactly("2", "1");
        assertThat(play.driver.lineups()).isEqualTo(Map.of("api", new Lineup(Colour.GREEN, 1)));
        assertThat(play.driver.running()).contains("api-1", "api-2", "api");
        assertThat(play.driver.aside()).isEmpty();
        assertThat(play.events(StackEvent.Notice.class))
                .extracting(StackEvent.Notice::text)
                .contains(
                        "It stopped there. Still as before: api-2. New: api-1. Mend what is wrong and repeat the command"
                                + " to go on; to go back, repeat it with what was before.");
    }

    @Test
    void updateWhenItStoppedHalfwayGoesOn() {
        play.driver.readyAfter("api-2", Duration.ofDays(1));
        assertThatThrownBy(() -> update("2")).isInstanceOf(StartFailedException.class);
        play.driver.readyAfter("api-2", Duration.ZERO);
        play.driver.forgetPerformed();

        update("2");

        assertThat(play.driver.performed())
                .containsExactly(
                        "set api-2 aside",
                        "create api-2",
                        "start api-2",
                        "lead api to green 2",
                        "drain api-2",
                        "stop api-2",
                        "remove replaced api-2");
        assertThat(versions()).containsExactly("2", "2");
    }

    @Test
    void updateWhenItStoppedHalfwayGoesBack() {
        play.driver.readyAfter("api-2", Duration.ofDays(1));
        assertThatThrownBy(() -> update("2")).isInstanceOf(StartFailedException.class);
        play.driver.readyAfter("api-2", Duration.ZERO);
        play.driver.forgetPerformed();

        update("1");

        assertThat(play.driver.performed())
                .containsExactly(
                        "set api-1 aside",
                        "create api-1",
                        "start api-1",
                        "lead api to green 0",
                        "drain api-1",
                        "stop api-1",
                        "remove replaced api-1");
        assertThat(versions()).containsExactly("1", "1");
    }

    @Test
    void updateWhenItStoppedHalfwayTakesAThirdVersionAllTheWay() {
        play.driver.readyAfter("api-2", Duration.ofDays(1));
        assertThatThrownBy(() -> update("2")).isInstanceOf(StartFailedException.class);
        play.driver.readyAfter("api-2", Duration.ZERO);

        update("3");

        assertThat(versions()).containsExactly("3", "3");
        assertThat(play.driver.aside()).isEmpty();
        assertThat(play.driver.lineups()).isEqualTo(Map.of("api", new Lineup(Colour.GREEN, 2)));
    }

    @Test
    void updateWhenThereIsNoEntryStartsTheNewOneBesideTheOld(@TempDir Path other) {
        Play fresh = new Play(other);
        fresh.engine.up(crew("1"), Selection.all(), UpOptions.DEFAULT, fresh.events::add);
        fresh.driver.forgetPerformed();

        fresh.engine.update(crew("2"), List.of(), UpOptions.DEFAULT, fresh.events::add);

        assertThat(fresh.driver.performed())
                .containsExactly(
                        "set worker-1 aside",
                        "create worker-1",
                        "start worker-1",
                        "stop worker-1",
                        "remove replaced worker-1",
                        "set worker-2 aside",
                        "create worker-2",
                        "start worker-2",
                        "stop worker-2",
                        "remove replaced worker-2");
    }

    @Test
    void updateWhenAServiceIsOneStopsItFirstAndThePlanSaysSo() {
        StackDefinition changed =
                shop("1").map(service -> service.name().equals("db") ? service.env("NEW", "1") : service);

        assertThat(play.engine.planUpdate(changed, List.of(), UpOptions.DEFAULT).notes())
                .containsExactly(
                        "'db' is stopped before its successor starts, and does not answer meanwhile: it is one,"
                                + " without an entry in front of it.");
        play.engine.update(changed, List.of(), UpOptions.DEFAULT, play.events::add);

        assertThat(play.driver.performed())
                .containsExactly("stop db", "set db aside", "create db", "start db", "remove replaced db");
    }

    @Test
    void updateWhenAServiceThatIsOneFailsLetsTheOldOneRunAgain() {
        play.driver.readyAfter("db", Duration.ofDays(1));
        StackDefinition changed =
                shop("1").map(service -> service.name().equals("db") ? service.env("NEW", "1") : service);
        String before = play.driver.container("db").orElseThrow().id();

        assertThatThrownBy(() -> play.engine.update(changed, List.of(), UpOptions.DEFAULT, play.events::add))
                .isInstanceOf(StartFailedException.class);

        assertThat(play.driver.container("db").orElseThrow().id()).isEqualTo(before);
        assertThat(play.driver.running()).contains("db");
    }

    @Test
    void updateWhenOneWasKilledBeforeTheEntryWasTurnedBeginsItAnew() throws Exception {
        Observed.Container old = play.driver.container("api-1").orElseThrow();
        perform(new Step.SetAside("api-1", old.id()));
        perform(new Step.CreateContainer("api-1", Colour.GREEN));
        perform(new Step.StartContainer("api-1"));
        play.driver.forgetPerformed();

        update("2");

        assertThat(play.driver.performed()).startsWith("stop api-1", "remove api-1", "bring api-1 back");
        assertThat(versions()).containsExactly("2", "2");
        assertThat(play.driver.aside()).isEmpty();
        assertThat(play.driver.kept()).isEmpty();
    }

    @Test
    void updateWhenOneWasKilledAfterTheEntryWasTurnedFinishesIt() throws Exception {
        Observed.Container old = play.driver.container("api-1").orElseThrow();
        perform(new Step.LeadTo("api", new Lineup(Colour.BLUE, 2)));
        perform(new Step.SetAside("api-1", old.id()));
        perform(new Step.CreateContainer("api-1", Colour.GREEN));
        perform(new Step.StartContainer("api-1"));
        perform(new Step.LeadTo("api", new Lineup(Colour.GREEN, 1)));
        play.driver.forgetPerformed();

        update("2");

        assertThat(play.driver.performed()).startsWith("keep replaced api-1", "set api-2 aside");
        assertThat(versions()).containsExactly("2", "2");
    }

    @Test
    void upWhenAnUpdateWasKilledDoesNotTakeTheOneSetAsideForMoreOfTheSame() throws Exception {
        Observed.Container old = play.driver.container("api-1").orElseThrow();
        perform(new Step.SetAside("api-1", old.id()));
        play.driver.forgetPerformed();

        play.engine.up(shop("1"), Selection.all(), UpOptions.DEFAULT, play.events::add);

        assertThat(play.driver.performed()).containsExactly("bring api-1 back");
        assertThat(play.driver.container("api-1").orElseThrow().id()).isEqualTo(old.id());
    }

    @Test
    void deployWhenTheNewOnesAreReadyKeepsTheOldOnes() {
        deploy("2");

        assertThat(play.driver.performed())
                .containsSubsequence(
                        "start api-1", "lead api to green 2", "drain api-1", "stop api-1", "start api-1 again")
                .containsSubsequence("start api-2", "lead api to green 2", "keep replaced api-2");
        assertThat(versions()).containsExactly("2", "2");
        assertThat(play.driver.kept().keySet()).containsExactlyInAnyOrder("api-1", "api-2");
        assertThat(play.driver.kept().values()).allMatch(Observed.Container::isRunning);
    }

    @Test
    void deployWhenANewOneIsNeverReadyLeavesTheOldOnesAlone() {
        String before = play.driver.container("api-1").orElseThrow().id();
        play.driver.readyAfter("api-1", Duration.ofDays(1));

        assertThatThrownBy(() -> deploy("2"))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("api-1");

        assertThat(versions()).containsExactly("1", "1");
        assertThat(play.driver.container("api-1").orElseThrow().id()).isEqualTo(before);
        assertThat(play.driver.lineups()).isEqualTo(Map.of("api", new Lineup(Colour.BLUE, 2)));
        assertThat(play.driver.kept()).isEmpty();
    }

    @Test
    void deployWhenACommandIsGivenRunsItInTheFirstNewOneBeforeTheSwitch() {
        play.engine.deploy(shop("2"), Deployment.OF_ALL.before("migrate"), UpOptions.DEFAULT, play.events::add);

        assertThat(play.driver.performed())
                .containsSubsequence("start api-1", "run in api-1: migrate", "lead api to green 2")
                .doesNotContain("run in api-2: migrate");
    }

    @Test
    void deployWhenNothingIsNewSaysThatItsCommandWasNotRun() {
        play.engine.deploy(shop("1"), Deployment.OF_ALL.before("migrate"), UpOptions.DEFAULT, play.events::add);

        assertThat(play.events(StackEvent.Notice.class))
                .extracting(StackEvent.Notice::text)
                .containsExactly(
                        "shop (dev) runs this version already; nothing was deployed, and 'migrate' was not run.");
        assertThat(play.driver.performed()).noneMatch(step -> step.startsWith("run in"));
    }

    @Test
    void deployWhenItsCommandFailsLeavesTheOldOnesAlone() {
        play.driver.refuse(
                "run in api-1: migrate",
                new DriverException(DriverException.Kind.REFUSED, "'migrate' ended with exit code 1.", "mend that"));

        assertThatThrownBy(() -> play.engine.deploy(
                        shop("2"), Deployment.OF_ALL.before("migrate"), UpOptions.DEFAULT, play.events::add))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("'migrate' ended with exit code 1.");

        assertThat(versions()).containsExactly("1", "1");
        assertThat(play.driver.lineups()).isEqualTo(Map.of("api", new Lineup(Colour.BLUE, 2)));
    }

    @Test
    void rollbackWhenSomethingIsKeptGoesBackToIt() {
        String before = play.driver.container("api-1").orElseThrow().id();
        deploy("2");
        play.driver.forgetPerformed();

        rollback("2");

        assertThat(play.driver.performed())
                .startsWith("set api-1 aside")
                .containsSubsequence("take kept api-1", "lead api to blue 2", "keep replaced api-1", "stop api-1");
        assertThat(play.driver.container("api-1").orElseThrow().id()).isEqualTo(before);
        assertThat(versions()).containsExactly("1", "1");
        assertThat(play.driver.kept().keySet()).containsExactlyInAnyOrder("api-1", "api-2");
    }

    @Test
    void restartWhenAVersionIsKeptLetsItGoOn() {
        deploy("2");

        play.engine.restart(shop("2"), Selection.all(), UpOptions.DEFAULT, play.events::add);

        assertThat(play.driver.performed()).contains("stop api-1", "start api-1");
        assertThat(play.driver.kept().values()).hasSize(2).allMatch(Observed.Container::isRunning);
    }

    @Test
    void rollbackWhenItIsDoneTwiceGoesForwardAgain() {
        deploy("2");

        rollback("2");
        rollback("2");

        assertThat(versions()).containsExactly("2", "2");
    }

    @Test
    void rollbackWhenTheOldOneIsNotReadyAnyMoreLeavesTheNewOneServing() {
        deploy("2");
        String green = play.driver.container("api-1").orElseThrow().id();
        play.driver.readyAfter("api-1", Duration.ofDays(1));

        assertThatThrownBy(() -> rollback("2")).isInstanceOf(StartFailedException.class);

        assertThat(play.driver.container("api-1").orElseThrow().id()).isEqualTo(green);
        assertThat(play.driver.lineups()).isEqualTo(Map.of("api", new Lineup(Colour.GREEN, 2)));
        assertThat(play.driver.kept().keySet()).containsExactlyInAnyOrder("api-1", "api-2");
    }

    @Test
    void rollbackWhenNothingIsKeptSaysSo() {
        assertThatThrownBy(() -> rollback("1"))
                .isInstanceOf(PlanRefusedException.class)
                .hasMessageContaining("keeps no version from before");
    }

    @Test
    void deployWhenAnImageIsGivenIsRememberedUntilItIsRolledBack() {
        Deployment deployment = new Deployment(List.of(), Map.of("api", "api:7"), List.of());
        play.engine.deploy(shop("1"), deployment, UpOptions.DEFAULT, play.events::add);
        assertThat(imageOf("api-1")).isEqualTo("api:7");
        play.driver.forgetPerformed();

        play.engine.up(shop("1"), Selection.all(), UpOptions.DEFAULT, play.events::add);
        assertThat(play.driver.performed()).isEmpty();

        rollback("1");
        assertThat(imageOf("api-1")).isEqualTo("api:1");
        play.driver.forgetPerformed();
        play.engine.up(shop("1"), Selection.all(), UpOptions.DEFAULT, play.events::add);
        assertThat(play.driver.performed()).isEmpty();
    }

    @Test
    void acceptWhenSomethingIsKeptEndsIt() {
        deploy("2");
        play.driver.forgetPerformed();

        play.engine.accept(Play.ID, play.events::add);

        assertThat(play.driver.performed())
                .containsExactlyInAnyOrder(
                        "stop api-1", "remove replaced api-1", "stop api-2", "remove replaced api-2");
        assertThat(play.driver.kept()).isEmpty();
        assertThat(versions()).containsExactly("2", "2");
    }

    @Test
    void scaleWhenThereIsAnEntryLeadsToTheNewOnesWhenTheyAreReady() {
        play.engine.scale(shop("1"), Map.of("api", 3), UpOptions.DEFAULT, play.events::add);
        assertThat(play.driver.performed())
                .containsSubsequence("lead api to blue 2", "start api-3", "lead api to blue 3");
        play.driver.forgetPerformed();

        play.engine.scale(shop("1"), Map.of("api", 1), UpOptions.DEFAULT, play.events::add);

        assertThat(play.driver.performed())
                .startsWith("lead api to blue 1")
                .containsSubsequence("drain api-3", "stop api-3", "remove api-3");
    }

    @Test
    void scaleWhenAWayBackIsKeptEndsWhatWouldBeLedToWithIt() {
        deploy("2");
        play.driver.forgetPerformed();

        play.engine.scale(shop("2"), Map.of("api", 1), UpOptions.DEFAULT, play.events::add);

        assertThat(play.driver.performed())
                .containsSubsequence("remove replaced api-2", "lead api to green 1", "drain api-2", "remove api-2");
        assertThat(play.driver.kept().keySet()).containsExactly("api-1");
    }

    @Test
    void downWhenSomethingIsKeptRemovesItToo() {
        deploy("2");

        play.engine.down(Play.ID, List.of(), play.events::add);

        assertThat(play.driver.kept()).isEmpty();
        assertThat(play.driver.containers()).isEmpty();
    }

    @Test
    void deployWhenTheEntryCannotBeTurnedTakesBackWhatItBegan() {
        play.driver.refuse(
                "lead api to green 2", new DriverException(DriverException.Kind.REFUSED, "It is stuck.", "mend it"));

        assertThatThrownBy(() -> deploy("2")).isInstanceOf(StartFailedException.class);

        assertThat(versions()).containsExactly("1", "1");
        assertThat(play.driver.aside()).isEmpty();
    }

    private void update(String version) {
        play.engine.update(shop(version), List.of(), UpOptions.DEFAULT, play.events::add);
    }

    private void deploy(String version) {
        play.engine.deploy(shop(version), Deployment.OF_ALL, UpOptions.DEFAULT, play.events::add);
    }

    private void rollback(String version) {
        play.engine.rollback(shop(version), List.of(), UpOptions.DEFAULT, play.events::add);
    }

    private void perform(Step step) throws InterruptedException {
        StackDefinition definition = shop("2");
        play.driver.perform(
                step,
                definition,
                play.driver.observe(definition, definition.services().keySet()),
                text -> {});
    }

    /** Return the versions that the replicas are of, as their fingerprints tell. */
    private List<String> versions() {
        return List.of("api-1", "api-2").stream().map(this::version).toList();
    }

    private String version(String service) {
        Observed.Container container = play.driver.container(service).orElseThrow();
        for (String version : List.of("1", "2", "3")) {
            StackDefinition shop = shop(version);
            if (Fingerprint.of(shop, shop.service(service), container.image())
                    .changesSince(container.fingerprint())
                    .isEmpty()) {
                return version;
            }
        }
        return "unknown";
    }

    private String imageOf(String service) {
        return play.driver.container(service).orElseThrow().image().used();
    }

    private static StackDefinition shop(String version) {
        Service api = Service.image("api", "api:1")
                .env("VERSION", version)
                .port("http", 80)
                .probe(Probe.http("/"))
                .needs(DB)
                .replicas(2);
        return StackDefinition.of("shop", Environment.DEV).add(DB, api).build();
    }

    private static StackDefinition crew(String version) {
        return StackDefinition.of("shop", Environment.DEV)
                .add(Service.image("worker", "worker:1")
                        .env("VERSION", version)
                        .probe(Probe.command("is-well"))
                        .replicas(2))
                .build();
    }
}
