package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.PlanRefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackEngineUpTests {
    @TempDir
    Path state;

    private Play play;

    @BeforeEach
    void setUp() {
        play = new Play(state);
    }

    @Test
    void upWhenNothingIsThereStartsEverythingInTheOrderOfTheGraph() {
        RunningStack stack = play.up();

        assertThat(play.driver.running()).containsExactlyInAnyOrder("db", "cache", "api", "web");
        assertThat(play.driver.performed())
                .containsSubsequence("create network shop-dev", "create db", "start db", "start api", "start web")
                .containsSubsequence("create volume shop_data", "create db");
        assertThat(stack.timeline().entries().keySet()).containsExactly("db", "cache", "api", "web");
    }

    @Test
    void upWhenServicesTakeTheirTimeStartsEachTheMomentItsLastNeedIsReady() {
        play.driver.readyAfter("db", Duration.ofSeconds(3));
        play.driver.readyAfter("cache", Duration.ofSeconds(1));
        play.driver.readyAfter("api", Duration.ofSeconds(2));

        play.up();

        assertThat(play.begun("start db")).isZero();
        assertThat(play.begun("start cache")).isZero();
        assertThat(play.ready("cache")).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1300));
        assertThat(play.ready("db")).isBetween(Duration.ofSeconds(3), Duration.ofMillis(3300));
        assertThat(play.begun("start api")).isEqualTo(play.ready("db"));
        assertThat(play.begun("start web")).isEqualTo(play.ready("api"));
    }

    @Test
    void upWhenServicesTakeTheirTimeCreatesEverythingAhead() {
        play.driver.readyAfter("db", Duration.ofSeconds(3));

        play.up();

        assertThat(play.begun("create web")).isZero();
    }

    @Test
    void upWhenServicesTakeTheirTimeTellsTheChainThatDecided() {
        play.driver.readyAfter("db", Duration.ofSeconds(3));
        play.driver.readyAfter("cache", Duration.ofSeconds(1));

        Timeline timeline = play.up().timeline();

        assertThat(timeline.criticalPath()).extracting(Timeline.Entry::service).containsExactly("db", "api", "web");
        assertThat(timeline.total()).isEqualTo(play.ready("web"));
        assertThat(timeline.criticalPath().get(0).took()).isEqualTo(play.ready("db"));
    }

    @Test
    void upWhenAServiceNeededTheStartOfAnotherOnlyDoesNotCountItsReadiness() {
        StackDefinition definition = StackDefinition.of("shop", Environment.DEV)
                .add(Play.service("a"), Play.service("b").needs(new Dependency("a", Dependency.Condition.STARTED)))
                .build();
        play.driver.readyAfter("a", Duration.ofSeconds(1));
        play.driver.readyAfter("b", Duration.ofSeconds(3));

        Timeline timeline = play.engine
                .up(definition, Selection.all(), UpOptions.DEFAULT, play.events::add)
                .timeline();

        assertThat(timeline.criticalPath()).extracting(Timeline.Entry::service).containsExactly("b");
    }

    @Test
    void upWhenItHasComeToItsEndRemembersItsTimes() {
        play.driver.readyAfter("db", Duration.ofSeconds(3));

        RunningStack stack = play.up();

        StartTimes times = StartTimes.ofLast(state, stack.definition().id()).orElseThrow();
        assertThat(times.started()).containsExactlyInAnyOrder("db", "cache", "api", "web");
        assertThat(times.timeline().criticalPath())
                .extracting(Timeline.Entry::service)
                .containsExactly("db", "api", "web");
        assertThat(times.timeline().entries().get("api").waitedFor()).contains("db");
        assertThat(times.timeline().entries().get("db").took()).isEqualTo(play.ready("db"));
    }

    @Test
    void upWhenItStartsNothingRemembersTheStartBefore() {
        play.up();
        StartTimes first = StartTimes.ofLast(state, play.up().definition().id()).orElseThrow();

        assertThat(first.started()).hasSize(4);
    }

    @Test
    void upWhenAllIsThereChangesNothing() {
        play.isUp();

        Timeline timeline = play.up().timeline();

        assertThat(play.driver.performed()).isEmpty();
        assertThat(timeline.entries().keySet()).containsExactly("db", "cache", "api", "web");
        assertThat(play.events(StackEvent.Planned.class))
                .singleElement()
                .satisfies(planned -> assertThat(planned.plan().changes()).isEmpty());
    }

    @Test
    void upWhenServicesAreNamedStartsThemAndWhatTheyNeed() {
        play.engine.up(Play.shop(), new Selection.WithNeeds(List.of("cache")), UpOptions.DEFAULT, play.events::add);
        assertThat(play.driver.running()).containsExactly("cache");

        play.engine.up(Play.shop(), new Selection.WithNeeds(List.of("api")), UpOptions.DEFAULT, play.events::add);
        assertThat(play.driver.running()).containsExactlyInAnyOrder("cache", "db", "api");
    }

    @Test
    void upWhenOneAloneIsNamedRefusesWhileItsNeedsDoNotRun() {
        var only = new Selection.Only(List.of("api"));

        assertThatThrownBy(() -> play.engine.up(Play.shop(), only, UpOptions.DEFAULT, play.events::add))
                .isInstanceOf(PlanRefusedException.class);
        assertThat(play.driver.performed()).isEmpty();
    }

    @Test
    void upWhenAServiceIsUnknownNamesThoseThereAre() {
        var selection = new Selection.WithNeeds(List.of("cachee"));

        assertThatThrownBy(() -> play.engine.up(Play.shop(), selection, UpOptions.DEFAULT, play.events::add))
                .hasMessage("Stack 'shop' has no service 'cachee'; it has: db, cache, api, web.");
    }

    @Test
    void upWhenAnImageIsMissingGetsItBeforeAnythingIsCreated() {
        play.driver.image("api", absent("api:1"));

        play.up();

        assertThat(play.driver.performed().get(0)).isEqualTo("pull image api:1");
        assertThat(play.driver.running()).contains("api");
        assertThat(play.events(StackEvent.StepProgress.class))
                .extracting(StackEvent.StepProgress::text)
                .containsExactly("pulling api:1");
    }

    @Test
    void upWhenWatchingLeavesNoWatchBehind() {
        play.up();

        assertThat(play.driver.watches()).isZero();
    }

    @Test
    void upWhenAReasonChangesTellsItOnce() {
        play.driver.readyAfter("db", Duration.ofSeconds(2));

        play.up();

        assertThat(play.events(StackEvent.NotReady.class))
                .filteredOn(event -> event.service().equals("db"))
                .extracting(StackEvent.NotReady::reason)
                .containsExactly("starting");
    }

    @Test
    void upWhenAServiceIsReplacedDoesNotTakeItsDeathForAFailure() {
        play.isUp();
        StackDefinition changed =
                Play.shop().map(service -> service.name().equals("db") ? service.env("NEW", "1") : service);

        play.engine.up(changed, Selection.all(), UpOptions.DEFAULT, play.events::add);

        assertThat(play.driver.performed())
                .containsExactly("stop db", "set db aside", "create db", "start db", "remove replaced db");
    }

    @Test
    void upWhenTheDeathOfTheContainerBeforeIsToldLateDoesNotTakeItForAFailure() {
        play.isUp();
        String before = play.driver.container("db").orElseThrow().id();
        play.driver.before(
                "start db", step -> play.driver.tell(new ContainerEvent.Died("db", before, 0, play.time.instant())));
        StackDefinition changed =
                Play.shop().map(service -> service.name().equals("db") ? service.env("NEW", "1") : service);

        play.engine.up(changed, Selection.all(), UpOptions.DEFAULT, play.events::add);

        assertThat(play.driver.running()).contains("db");
    }

    @Test
    void upWhenAServiceIsReplacedDoesNotMindThatItsUnchangedDependantDiesOfIt() {
        play.isUp();
        play.driver.before("set db aside", step -> {
            play.driver.die("api", 1);
            play.driver.perform(
                    new dev.withstack.core.plan.Step.StartContainer("api"), Play.shop(), Observed.NOTHING, text -> {});
        });
        StackDefinition changed =
                Play.shop().map(service -> service.name().equals("db") ? service.env("NEW", "1") : service);

        play.engine.up(changed, Selection.all(), UpOptions.DEFAULT, play.events::add);

        assertThat(play.ready("api")).isGreaterThanOrEqualTo(play.ready("db"));
        assertThat(play.driver.running()).contains("db", "api");
    }

    @Test
    void upWhenAnExternalServiceIsNeededChecksItWithoutStartingIt() {
        Service db = Play.db().external(new dev.withstack.core.model.HostAndPort("db.example.com", 5432));
        StackDefinition definition = StackDefinition.of("shop", Environment.DEV)
                .add(db, Play.service("api").needs(db))
                .build();
        play.driver.answer(
                "db",
                () -> play.time.elapsed().compareTo(Duration.ofSeconds(1)) < 0
                        ? new dev.withstack.core.health.Answer.NotReady("far away")
                        : dev.withstack.core.health.Answer.READY);

        play.engine.up(definition, Selection.all(), UpOptions.DEFAULT, play.events::add);

        assertThat(play.driver.running()).containsExactly("api");
        assertThat(play.begun("start api")).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void upWhenAPortIsTakenRefusesAndTouchesNothing() {
        play.driver.portTaken(5433, "postgres (pid 17)");

        assertThatThrownBy(() -> play.up())
                .isInstanceOf(PlanRefusedException.class)
                .hasMessage(
                        """
                        Nothing was started:
                          - db: port 5433 is taken by postgres (pid 17). Stop that, set DB_PORT to another port, or\
                         start with --auto-ports.""");
        assertThat(play.driver.performed()).isEmpty();
        assertThat(play.events).isEmpty();
    }

    @Test
    void upWhenAPortIsTakenAndAnotherMayBeTakenRemembersTheOneChosen() {
        play.driver.portTaken(5433, "postgres (pid 17)");
        play.driver.portTaken(5434, "postgres (pid 18)");

        RunningStack stack = play.up(UpOptions.DEFAULT.ports(UpOptions.Ports.NEXT_FREE));

        assertThat(stack.service("db").address()).hasToString("127.0.0.1:5435");
        assertThat(play.up().service("db").address()).as("at the next start").hasToString("127.0.0.1:5435");
        assertThat(play.engine.attach(Play.shop()).service("db").address()).hasToString("127.0.0.1:5435");
    }

    @Test
    void upWhenTheChosenPortIsTakenLaterChoosesAgainAndRemembersThat() {
        play.driver.portTaken(5433, "postgres (pid 17)");
        play.up(UpOptions.DEFAULT.ports(UpOptions.Ports.NEXT_FREE));
        play.engine.stop(Play.ID, List.of(), play.events::add);
        play.driver.portTaken(5434, "postgres (pid 18)");

        play.up(UpOptions.DEFAULT.ports(UpOptions.Ports.NEXT_FREE));

        assertThat(play.up().service("db").address()).hasToString("127.0.0.1:5435");
    }

    @Test
    void upWhenAnotherPortIsAskedForDoesNotGoBackToTheOneChosen() {
        play.driver.portTaken(5433, "postgres (pid 17)");
        play.up(UpOptions.DEFAULT.ports(UpOptions.Ports.NEXT_FREE));
        StackDefinition moved =
                Play.shop().map(service -> service.name().equals("db") ? service.hostPort(7000) : service);

        RunningStack stack = play.engine.up(moved, Selection.all(), UpOptions.DEFAULT, play.events::add);

        assertThat(stack.service("db").address()).hasToString("127.0.0.1:7000");
    }

    @Test
    void downWhenPortsWereChosenForgetsThem() {
        play.driver.portTaken(5433, "postgres (pid 17)");
        play.up(UpOptions.DEFAULT.ports(UpOptions.Ports.NEXT_FREE));

        play.engine.down(Play.ID, List.of(), play.events::add);

        assertThat(play.engine.attach(Play.shop()).service("db").address()).hasToString("127.0.0.1:5433");
    }

    @Test
    void planWhenAnotherPortMayBeTakenShowsItAndRemembersNothing() throws Exception {
        play.driver.portTaken(5433, "postgres (pid 17)");

        String text = play.engine
                .plan(Play.shop(), Selection.all(), UpOptions.DEFAULT.ports(UpOptions.Ports.NEXT_FREE))
                .text();

        assertThat(text).contains("create db");
        assertThat(play.driver.performed()).isEmpty();
        try (var files = Files.list(state)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void planWhenItIsCarriedOutIsWhatWasSaid() {
        String said = play.engine
                .plan(Play.shop(), Selection.all(), UpOptions.DEFAULT)
                .text();

        play.up();

        assertThat(play.events(StackEvent.Planned.class).get(0).plan().text()).isEqualTo(said);
    }

    @Test
    void upWhenAVolumeIsNotOursRefusesItUnlessItIsAdopted() {
        play.driver.volume(new Observed.Volume("shop_data", "", ""));

        assertThatThrownBy(() -> play.up()).isInstanceOf(PlanRefusedException.class);

        play.up(UpOptions.DEFAULT.volumes(UpOptions.Volumes.ADOPTED));
        assertThat(play.driver.running()).contains("db");
    }

    @Test
    void upWhenRememberedPortsAreDamagedSaysWhichFileToRemove() throws Exception {
        Files.writeString(state.resolve("shop-dev.numbers"), "db/http=x\n");

        assertThatThrownBy(() -> play.up())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("'" + state.resolve("shop-dev.numbers")
                        + "' is damaged; remove it to forget the ports that --auto-ports chose and the numbers that"
                        + " scale set.");
    }

    @Test
    void upWhenPatienceIsGivenTakesItForEveryService() {
        play.driver.readyAfter("db", Duration.ofSeconds(30));

        assertThatThrownBy(() -> play.up(UpOptions.DEFAULT.patience(Duration.ofSeconds(5))))
                .isInstanceOf(StartFailedException.class);

        assertThat(play.time.elapsed()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void upWhenTheDefinitionIsUnsoundNeverBegins() {
        assertThatThrownBy(() -> StackDefinition.of("shop", Environment.DEV)
                        .add(Play.service("api").needs(Play.service("db")))
                        .build())
                .isInstanceOf(InvalidDefinitionException.class);
    }

    private static ImageUse absent(String reference) {
        return new ImageUse(reference, reference, "", ImageUse.Standing.UPSTREAM, "", "");
    }
}
