package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.catalog.Redis;
import dev.withstack.core.data.PostgresConnection;
import dev.withstack.core.data.RedisConnection;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.FakeDriver;
import dev.withstack.core.health.Answer;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.core.plan.Observed;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be done with a running service, on a host in memory. */
class RunningServiceTests {
    private static final Probe ITS_WORD = new Probe.Command(List.of("ready"));

    private final FakeDriver driver = new FakeDriver(Clock.systemUTC());

    @TempDir
    private Path state;

    private StackEngine engine;
    private RunningStack stack;

    @BeforeEach
    void start() {
        engine = new StackEngine(driver, state, Clock.systemUTC());
        Redis cache = Redis.service("cache").data("cache_data").probe(ITS_WORD);
        stack = engine.up(
                StackDefinition.of("shop", Environment.TEST)
                        .add(
                                cache,
                                Service.image("web", "web:1")
                                        .port("http", 80)
                                        .env("TOKEN", Value.secret("secret-of-the-web"))
                                        .env("CACHE", cache.url())
                                        .probe(ITS_WORD),
                                Service.image("files", "nfs:4")
                                        .volume("shared", "/files")
                                        .probe(ITS_WORD))
                        .build(),
                Selection.all(),
                UpOptions.DEFAULT,
                event -> {});
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void mendWhenAServiceWasKilledStartsIt() {
        stack.service("cache").kill();
        assertThat(driver.running()).doesNotContain("cache");

        assertThat(stack.mend()).isTrue();

        assertThat(driver.running()).contains("cache");
        assertThat(stack.mend()).as("a second time").isFalse();
    }

    @Test
    void mendWhenServicesWerePausedOrDisconnectedLetsThemGoOn() throws InterruptedException {
        stack.service("cache").pause();
        stack.service("web").disconnect();
        assertThat(stack.service("web").ask()).isEqualTo(new Answer.NotReady("it is in no network"));

        assertThat(stack.mend()).isTrue();

        assertThat(stack.service("cache").container().map(Observed.Container::isRunning))
                .contains(true);
        assertThat(stack.service("web").ask()).isEqualTo(Answer.READY);
    }

    @Test
    void awaitHealthyWhenTheServiceBecomesReadyReturns() throws InterruptedException {
        List<Answer> answers =
                new ArrayList<>(List.of(new Answer.NotReady("not yet"), new Answer.NotReady("soon"), Answer.READY));
        driver.answer("web", () -> answers.size() == 1 ? answers.get(0) : answers.remove(0));

        stack.service("web").awaitHealthy(Duration.ofMinutes(1));

        assertThat(answers).hasSize(1);
    }

    @Test
    void awaitHealthyWhenTimeIsOverSaysTheLastAnswer() {
        driver.answer("web", () -> new Answer.NotReady("still asleep"));

        assertThatThrownBy(() -> stack.service("web").awaitHealthy(Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("'web' is not ready after 0 ms. Its probe's last answer: still asleep");
    }

    @Test
    void connectionWhenTheServiceIsOfAnotherKindSaysOfWhich() {
        assertThat(stack.service("cache").connection(RedisConnection.class).uri())
                .hasToString("redis://10.0.0.1:6379");
        assertThat(stack.service("web").connection()).isEmpty();
        assertThatThrownBy(() -> stack.service("cache").connection(PostgresConnection.class))
                .hasMessage("Service 'cache' has no PostgresConnection; it holds the data of Redis.");
        assertThatThrownBy(() -> stack.service("web").connection(PostgresConnection.class))
                .hasMessage("Service 'web' has no PostgresConnection; it holds no data of a kind that is known.");
    }

    @Test
    void dataWhenAServiceKeepsFilesThatNobodyKnowsHowToPutBackIsRefused() {
        assertThatThrownBy(() -> stack.data(List.of("web", "files"), List.of("files"), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("It is not known how to put back the data of: files (it keeps files in a volume). Give a"
                        + " ServiceReset for it, or leave it as it is.");
    }

    @Test
    void dataWhenThereIsAResetOfTheUsersOwnUsesIt() throws InterruptedException {
        List<String> done = new ArrayList<>();
        StackData data = stack.data(List.of("web", "files"), List.of("files"), List.of(new Noting("files", done)));

        assertThat(data.services()).containsExactly("files");
        data.reset();
        data.remember();

        assertThat(done).containsExactly("remember files", "reset files", "remember files");
    }

    @Test
    void dataWhenAResetFailsSaysOfWhichService() throws InterruptedException {
        StackData data = stack.data(List.of("files"), List.of(), List.of(new Noting("files", List.of()) {
            @Override
            public void remember(RunningService service) {}
        }));

        assertThatThrownBy(data::reset)
                .isInstanceOf(DriverException.class)
                .hasMessage("Can't put back the data of 'files': UnsupportedOperationException");
    }

    @Test
    void dataWhenAResetIsForAServiceThatDoesNotRunIsRefused() {
        assertThatThrownBy(() -> stack.data(List.of("web"), List.of(), List.of(new Noting("wbe", List.of()))))
                .hasMessage("There is a ServiceReset for 'wbe', which does not run; running are: web.");
    }

    /** Notes what it is asked to do. */
    private static class Noting implements ServiceReset {
        private final String service;
        private final List<String> done;

        Noting(String service, List<String> done) {
            this.service = service;
            this.done = done;
        }

        @Override
        public String service() {
            return service;
        }

        @Override
        public void remember(RunningService running) {
            done.add("remember " + running.name());
        }

        @Override
        public void reset(RunningService running) {
            done.add("reset " + running.name());
        }
    }
}
