package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.PostMortem;
import dev.withstack.core.health.Answer;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.ImageUse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start that fails says why and leaves what was there before, and only that. */
class StackEngineFailureTests {
    private static final DriverException REFUSED =
            new DriverException(DriverException.Kind.REFUSED, "the engine says no", "ask it nicely");

    @TempDir
    Path state;

    private Play play;

    @BeforeEach
    void setUp() {
        play = new Play(state);
    }

    @Test
    void upWhenAServiceDiesBeforeItIsReadySaysHowAndWhatItHeldBack() {
        play.driver.answer("db", () -> new Answer.NotReady("connection refused"));
        play.time.at(Duration.ofMillis(300), () -> play.driver.die("db", 3));

        StartFailedException failure = failure();

        assertThat(failure)
                .hasMessage(
                        """
                        'db' failed while becoming ready: exited with code 3
                          last probe answer: connection refused
                          last log lines:
                            | the last line of db
                          held back: api, web
                          try next:
                            keep it for a look with --keep, then: logs db
                            more memory, another image or port: DB_MEMORY, DB_IMAGE, DB_PORT in .env""");
        assertThat(failure.diagnosis().kind()).isEqualTo(Diagnosis.Kind.FAILED);
        assertThat(play.time.elapsed()).as("at once, not at a timeout").isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void upWhenAServiceFailsTakesBackAllThatWasNew() {
        dieSoon("api");

        failure();

        assertThat(play.driver.containers()).isEmpty();
        assertThat(play.driver.networks()).isEmpty();
        assertThat(play.events(StackEvent.RolledBack.class)).singleElement().satisfies(event -> assertThat(
                        event.services())
                .containsExactlyInAnyOrder("db", "cache", "api", "web"));
        assertThat(play.driver.performed()).doesNotContain("start web");
    }

    @Test
    void upWhenAServiceFailsKeepsTheVolumeOfTheOneThatWasReady() {
        dieSoon("api");

        failure();

        assertThat(play.driver.volumes()).containsExactly("shop_data");
    }

    @Test
    void upWhenTheServiceThatFailsHasMadeAVolumeRemovesItAsItMayBeHalfMade() {
        dieSoon("db");

        failure();

        assertThat(play.driver.volumes()).isEmpty();
    }

    @Test
    void upWhenAServiceFailsOnAVolumeThatIsOlderKeepsIt() {
        play.isUp();
        play.engine.down(Play.ID, List.of(), play.events::add);
        dieSoon("db");

        failure();

        assertThat(play.driver.volumes()).containsExactly("shop_data");
    }

    @Test
    void upWhenNoContainerCouldBeCreatedRemovesTheHalfMadeVolumeAllTheSame() {
        for (String service : List.of("db", "cache", "api", "web")) {
            play.driver.refuse("create " + service, REFUSED);
        }

        failure();

        assertThat(play.driver.volumes()).isEmpty();
        assertThat(play.driver.networks()).isEmpty();
    }

    @Test
    void upWhenAServiceIsReadyJustAsAnotherFailsKeepsItsVolume() {
        StackDefinition definition = StackDefinition.of("shop", Environment.DEV)
                .add(Play.db(), Play.service("cache").volume("cached", "/data"))
                .build();
        Answer starting = new Answer.NotReady("starting");
        Answer refused = new Answer.Hopeless("wrong password", "set the right one");
        play.driver.answer("cache", () -> play.time.elapsed().isZero() ? starting : refused);
        play.driver.answer("db", () -> {
            if (play.time.elapsed().isZero()) {
                return starting;
            }
            // the failure of the cache is reported a moment before
            play.time.doWhatIsDue();
            return Answer.READY;
        });

        assertThatThrownBy(() -> play.engine.up(definition, Selection.all(), UpOptions.DEFAULT, play.events::add))
                .isInstanceOf(StartFailedException.class);

        assertThat(play.driver.performed()).contains("start db", "start cache");
        assertThat(play.driver.volumes()).containsExactly("shop_data");
    }

    @Test
    void upWhenAServiceFailsStopsWhatWasOnlyStartedAndLeavesTheRestAlone() {
        play.isUp();
        play.engine.stop(Play.ID, List.of("api", "web"), play.events::add);
        String api = play.driver.container("api").orElseThrow().id();
        dieSoon("web");

        failure();

        assertThat(play.driver.running()).containsExactlyInAnyOrder("db", "cache");
        assertThat(play.driver.container("api").orElseThrow().id()).isEqualTo(api);
        assertThat(play.driver.networks()).containsExactly("shop-dev");
    }

    @Test
    void upWhenAServiceFailsAndItIsToBeKeptTakesNothingBack() {
        dieSoon("api");

        failure(UpOptions.DEFAULT.onFailure(UpOptions.OnFailure.KEEP));

        assertThat(play.driver.containers()).containsExactlyInAnyOrder("db", "cache", "api", "web");
        assertThat(play.driver.running()).containsExactlyInAnyOrder("db", "cache");
        assertThat(play.events(StackEvent.RolledBack.class)).isEmpty();
    }

    @Test
    void upWhenAServiceDiesAfterItWasReadyFailsTheStart() {
        play.driver.readyAfter("api", Duration.ofSeconds(10));
        play.time.at(Duration.ofSeconds(4), () -> play.driver.die("db", 139));

        StartFailedException failure = failure();

        assertThat(failure.diagnosis().service()).isEqualTo("db");
        assertThat(failure.diagnosis().phase()).isEqualTo(Diagnosis.Phase.RUNNING);
        assertThat(failure.diagnosis().cause()).isEqualTo("crashed (SIGSEGV)");
        assertThat(play.time.elapsed()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void upWhenTheKernelKilledItForMemorySaysSo() {
        play.driver.postMortem(
                "db",
                new PostMortem("exited", 137, PostMortem.Memory.EXHAUSTED, 64L << 20, "", "", List.of("allocating")));
        play.driver.answer("db", () -> new Answer.NotReady("starting"));
        play.time.at(Duration.ofMillis(300), () -> play.driver.die("db", 137));

        assertThat(failure().diagnosis().cause()).isEqualTo("killed for want of memory (limit 64 MiB)");
    }

    @Test
    void upWhenPatienceEndsShowsTheLastAnswer() {
        play.driver.answer("db", () -> new Answer.NotReady("GET /health answered 500: no disk"));

        StartFailedException failure = failure(UpOptions.DEFAULT.patience(Duration.ofSeconds(20)));

        assertThat(failure.diagnosis().kind()).isEqualTo(Diagnosis.Kind.TIMED_OUT);
        assertThat(failure)
                .hasMessage(
                        """
                        'db' failed while becoming ready: not ready after 20 s.
                          last probe answer: GET /health answered 500: no disk
                          last log lines:
                            | the last line of db
                          held back: api, web
                          try next:
                            give it more time with --timeout, or keep it for a look with --keep
                            more memory, another image or port: DB_MEMORY, DB_IMAGE, DB_PORT in .env""");
        assertThat(play.time.elapsed()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void upWhenAnExternalServiceDoesNotAnswerAdvisesNothingThatConcernsContainers() {
        StackDefinition definition = StackDefinition.of("shop", Environment.DEV)
                .add(Play.db().external(new HostAndPort("db.example.com", 5432)))
                .build();
        play.driver.answer("db", () -> new Answer.NotReady("connection refused"));

        assertThatThrownBy(() -> play.engine.up(definition, Selection.all(), UpOptions.DEFAULT, play.events::add))
                .hasMessage(
                        """
                        'db' failed while becoming ready: not ready after 120 s.
                          last probe answer: connection refused
                          try next:
                            see that it runs at db.example.com:5432, where the settings say it is, and that this machine reaches it""");
    }

    @Test
    void upWhenAProbeIsHopelessFailsAtOnceWithTheWayOut() {
        play.driver.answer(
                "db", () -> new Answer.Hopeless("it refuses the login", "set the password it was made with"));

        StartFailedException failure = failure();

        assertThat(play.time.elapsed()).isZero();
        assertThat(failure.diagnosis().cause()).isEqualTo("it refuses the login");
        assertThat(failure.diagnosis().next()).containsExactly("set the password it was made with");
    }

    @Test
    void upWhenAStartIsRefusedSaysWhatTheEngineSays() {
        play.driver.refuse("start api", REFUSED);

        StartFailedException failure = failure();

        assertThat(failure.diagnosis().phase()).isEqualTo(Diagnosis.Phase.STARTING);
        assertThat(failure.diagnosis().cause()).isEqualTo("the engine says no");
        assertThat(failure.diagnosis().next()).containsExactly("ask it nicely");
        assertThat(failure.diagnosis().heldBack()).containsExactly("web");
        assertThat(play.driver.containers()).isEmpty();
    }

    @Test
    void upWhenACreateIsRefusedShowsNoLogOfAnEarlierContainer() {
        play.isUp();
        play.driver.refuse("create db", REFUSED);
        StackDefinition changed =
                Play.shop().map(service -> service.name().equals("db") ? service.env("NEW", "1") : service);

        StartFailedException failure = catchThrowableOfType(
                StartFailedException.class,
                () -> play.engine.up(changed, Selection.all(), UpOptions.DEFAULT, play.events::add));

        assertThat(failure)
                .hasMessage(
                        """
                        'db' failed while being created: the engine says no
                          try next:
                            ask it nicely""");
    }

    @Test
    void upWhenTheNetworkIsRefusedSaysWhichOne() {
        play.driver.refuse("create network shop-dev", REFUSED);

        assertThat(failure())
                .hasMessage(
                        """
                        'network shop-dev' failed while being created: the engine says no
                          held back: db, cache, api, web
                          try next:
                            ask it nicely""");
    }

    @Test
    void upWhenAnImageIsNotToBeHadTouchesNothing() {
        play.driver.image("api", new ImageUse("api:1", "api:1", "", ImageUse.Standing.UPSTREAM, "", ""));
        play.driver.refuse(
                "pull image api:1",
                new DriverException(DriverException.Kind.IMAGE, "no registry has 'api:1'", "set API_IMAGE"));

        StartFailedException failure = failure();

        assertThat(failure)
                .hasMessage(
                        """
                        'api' failed while getting its image: no registry has 'api:1'
                          held back: db, cache, web
                          try next:
                            set API_IMAGE""");
        assertThat(play.driver.performed()).isEmpty();
    }

    @Test
    void upWhenTheDriverBreaksInAnUnforeseenWayStillTakesBack() {
        play.driver.refuse("start web", new IllegalStateException());

        StartFailedException failure = failure();

        assertThat(failure.diagnosis().cause()).isEqualTo("IllegalStateException");
        assertThat(play.driver.containers()).isEmpty();
    }

    @Test
    void upWhenAProbeBreaksInAnUnforeseenWayStillTakesBack() {
        play.driver.answer("web", () -> {
            throw new IllegalStateException("a bug");
        });

        assertThat(failure().diagnosis().cause()).isEqualTo("a bug");
        assertThat(play.driver.containers()).isEmpty();
    }

    @Test
    void upWhenTheConnectionToTheEngineIsLostFailsAndTakesBack() {
        play.driver.readyAfter("db", Duration.ofSeconds(10));
        play.time.at(
                Duration.ofSeconds(2),
                () -> play.driver.tell(new ContainerEvent.WatchLost("", "", "it was restarted")));

        StartFailedException failure = failure();

        assertThat(failure.diagnosis().cause()).isEqualTo("The connection to the engine was lost: it was restarted");
        assertThat(play.driver.containers()).isEmpty();
    }

    @Test
    void upWhenTheListenerThrowsTakesBackAndThrowsThatOn() {
        assertThatThrownBy(() -> play.engine.up(Play.shop(), Selection.all(), UpOptions.DEFAULT, event -> {
                    if (event instanceof StackEvent.Ready ready
                            && ready.service().equals("api")) {
                        throw new IllegalStateException("the screen is gone");
                    }
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the screen is gone");

        assertThat(play.driver.containers()).isEmpty();
    }

    @Test
    void upWhenTheListenerThrowsAtTheFailureStillTakesBack() {
        dieSoon("api");

        StartFailedException failure = catchThrowableOfType(
                StartFailedException.class,
                () -> play.engine.up(Play.shop(), Selection.all(), UpOptions.DEFAULT, event -> {
                    if (event instanceof StackEvent.Failed || event instanceof StackEvent.RolledBack) {
                        throw new IllegalStateException("the screen is gone");
                    }
                }));

        assertThat(failure.diagnosis().service()).isEqualTo("api");
        assertThat(failure.getSuppressed()).hasSize(2);
        assertThat(play.driver.containers()).isEmpty();
    }

    @Test
    void upWhenARemovalFailsKeepsThatFailureAndTakesTheRestBack() {
        dieSoon("api");
        play.driver.refuse("remove db", REFUSED);

        StartFailedException failure = failure();

        assertThat(failure.getSuppressed()).singleElement().satisfies(suppressed -> assertThat(suppressed)
                .isInstanceOf(StartFailedException.class)
                .hasMessageStartingWith("'db' failed while being removed: the engine says no"));
        assertThat(play.driver.containers()).as("what could be removed").doesNotContain("web", "api");
    }

    @Test
    void upWhenAStopFailsWhileTakingBackStillRemovesWhatIsNew() {
        play.isUp();
        play.engine.stop(Play.ID, List.of("cache"), play.events::add);
        play.driver.removeByHand("web");
        dieSoon("web");
        play.driver.refuse("stop cache", REFUSED);

        StartFailedException failure = failure();

        assertThat(failure.getSuppressed()).hasSize(1);
        assertThat(play.driver.containers()).containsExactlyInAnyOrder("db", "cache", "api");
    }

    @Test
    void upWhenWhatReplacesFailsLetsWhatWasReplacedRunAgain() {
        play.isUp();
        String before = play.driver.container("db").orElseThrow().id();
        dieSoon("db");

        assertThatThrownBy(() -> play.engine.up(changed("db"), Selection.all(), UpOptions.DEFAULT, play.events::add))
                .isInstanceOf(StartFailedException.class);

        assertThat(play.driver.container("db").orElseThrow().id()).isEqualTo(before);
        assertThat(play.driver.running()).hasSize(4);
        assertThat(play.driver.aside()).isEmpty();
        assertThat(play.driver.networks()).containsExactly("shop-dev");
        assertThat(play.driver.volumes()).containsExactly("shop_data");
        assertThat(play.events(StackEvent.RolledBack.class)).singleElement().satisfies(event -> {
            assertThat(event.services()).containsExactly("db");
            assertThat(event.broughtBack()).containsExactly("db");
        });
    }

    @Test
    void upWhenAnotherFailsAfterAReplacementWasReadyBringsThatBackTooWhatOthersNeedFirst() {
        play.isUp();
        dieSoon("api");

        assertThatThrownBy(() ->
                        play.engine.up(changed("db", "api"), Selection.all(), UpOptions.DEFAULT, play.events::add))
                .hasMessageStartingWith("'api' failed");

        assertThat(play.events(StackEvent.Ready.class))
                .extracting(StackEvent.Ready::service)
                .contains("db");
        assertThat(play.driver.performed())
                .containsSubsequence("bring db back", "start db again", "bring api back", "start api again");
        assertThat(play.driver.running()).hasSize(4);
        assertThat(play.driver.aside()).isEmpty();
    }

    @Test
    void upWhenItFailsBetweenStopAndReplacementStartsTheStoppedAgain() {
        play.isUp();
        play.driver.refuse("set db aside", REFUSED);

        assertThatThrownBy(() -> play.engine.up(changed("db"), Selection.all(), UpOptions.DEFAULT, play.events::add))
                .hasMessageStartingWith("'db' failed while being removed: the engine says no");

        assertThat(play.driver.running()).hasSize(4);
    }

    @Test
    void upWhenWhatWasReplacedDidNotRunBringsItBackAsItWas() {
        play.isUp();
        play.engine.stop(Play.ID, List.of("db"), event -> {});
        dieSoon("db");

        assertThatThrownBy(() -> play.engine.up(changed("db"), Selection.all(), UpOptions.DEFAULT, play.events::add))
                .isInstanceOf(StartFailedException.class);

        assertThat(play.driver.containers()).contains("db");
        assertThat(play.driver.running()).doesNotContain("db");
    }

    @Test
    void upWhenItIsToBeKeptKeepsWhatWasSetAsideForTheNextStart() {
        play.isUp();
        String before = play.driver.container("db").orElseThrow().id();
        UpOptions keep = UpOptions.DEFAULT.onFailure(UpOptions.OnFailure.KEEP);
        dieSoon("db");
        assertThatThrownBy(() -> play.engine.up(changed("db"), Selection.all(), keep, event -> {}))
                .isInstanceOf(StartFailedException.class);
        assertThat(play.driver.aside()).containsExactly("db");

        assertThatThrownBy(() -> play.up()).isInstanceOf(StartFailedException.class);

        assertThat(play.driver.container("db").orElseThrow().id()).isEqualTo(before);
        assertThat(play.driver.running()).contains("db");
        assertThat(play.driver.aside()).isEmpty();
    }

    @Test
    void upWhenWhatWasReplacedCanNotBeRemovedSaysSoAndLeavesItToTheNextStart() {
        play.isUp();
        play.driver.refuse("remove replaced db", REFUSED);

        play.engine.up(changed("db"), Selection.all(), UpOptions.DEFAULT, play.events::add);

        assertThat(play.events(StackEvent.Notice.class))
                .extracting(StackEvent.Notice::text)
                .containsExactly("The container that 'db' had before can't be removed: the engine says no"
                        + " The next start tries again.");
        assertThat(play.driver.running()).hasSize(4);
        play.driver.refuseNothing();
        play.engine.up(changed("db"), Selection.all(), UpOptions.DEFAULT, event -> {});
        assertThat(play.driver.aside()).isEmpty();
    }

    @Test
    void downWhenSomethingIsSetAsideRemovesItToo() {
        play.isUp();
        dieSoon("db");
        UpOptions keep = UpOptions.DEFAULT.onFailure(UpOptions.OnFailure.KEEP);
        assertThatThrownBy(() -> play.engine.up(changed("db"), Selection.all(), keep, event -> {}))
                .isInstanceOf(StartFailedException.class);

        play.engine.down(Play.ID, List.of(), event -> {});

        assertThat(play.driver.aside()).isEmpty();
        assertThat(play.driver.containers()).isEmpty();
    }

    @Test
    void upWhenTheThreadIsInterruptedTakesBackAndSaysSo() {
        play.driver.readyAfter("db", Duration.ofSeconds(10));
        play.time.at(Duration.ofSeconds(2), () -> Thread.currentThread().interrupt());

        assertThatThrownBy(() -> play.up())
                .isInstanceOf(StackInterruptedException.class)
                .hasMessage("Interrupted; what had been begun was taken back.");

        assertThat(Thread.interrupted()).isFalse();
        assertThat(play.time.elapsed()).isEqualTo(Duration.ofSeconds(2));
        assertThat(play.driver.containers()).isEmpty();
        assertThat(play.driver.volumes()).isEmpty();
        assertThat(play.driver.networks()).isEmpty();
    }

    @Test
    void upWhenTheThreadIsInterruptedAndItIsToBeKeptSaysThatInstead() {
        play.driver.readyAfter("db", Duration.ofSeconds(10));
        play.time.at(Duration.ofSeconds(2), () -> Thread.currentThread().interrupt());

        assertThatThrownBy(() -> play.up(UpOptions.DEFAULT.onFailure(UpOptions.OnFailure.KEEP)))
                .hasMessage("Interrupted; what had been begun is kept.");

        assertThat(play.driver.containers()).hasSize(4);
    }

    @Test
    void upWhenTakingBackAfterAnInterruptFailsDoesNotClaimThatItSucceeded() {
        play.driver.readyAfter("db", Duration.ofSeconds(10));
        play.driver.refuse("remove web", REFUSED);
        play.time.at(Duration.ofSeconds(2), () -> Thread.currentThread().interrupt());

        assertThatThrownBy(() -> play.up())
                .isInstanceOf(StackInterruptedException.class)
                .hasMessageStartingWith("Interrupted; taking back what had been begun did not succeed: 'web' failed");
    }

    @Test
    void upWhenTheEngineIsClosedMeanwhileFailsInsteadOfWaitingForEver() {
        play.driver.readyAfter("db", Duration.ofSeconds(10));
        play.time.at(Duration.ofSeconds(2), play.engine::close);

        assertThat(failure().diagnosis().cause()).isEqualTo("The engine was closed meanwhile.");
    }

    @Test
    void upWhenItFailedOnceSucceedsOnceTheCauseIsGone() {
        play.driver.refuse("start api", REFUSED);
        failure();
        play.driver.refuseNothing();

        play.up();

        assertThat(play.driver.running()).hasSize(4);
    }

    /** Return the shop with a new setting for those services. */
    private static StackDefinition changed(String... services) {
        return Play.shop()
                .map(service -> List.of(services).contains(service.name()) ? service.env("NEW", "1") : service);
    }

    private StartFailedException failure() {
        return failure(UpOptions.DEFAULT);
    }

    private StartFailedException failure(UpOptions options) {
        StartFailedException failure = catchThrowableOfType(StartFailedException.class, () -> play.up(options));
        assertThat(play.events(StackEvent.Failed.class))
                .singleElement()
                .extracting(StackEvent.Failed::diagnosis)
                .isEqualTo(failure.diagnosis());
        return failure;
    }

    /** Let the service die a moment after its start, before it is ready. */
    private void dieSoon(String service) {
        play.driver.answer(service, () -> {
            play.driver.die(service, 1);
            return new Answer.NotReady("starting");
        });
    }
}
