package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.FakeDriver;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Share;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.PlanRefusedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A base of {@code db} and {@code proxy}; in each environment {@code api}, which needs {@code db}. */
@Timeout(60)
class StackEngineBaseTests {
    private static final StackId BASE = StackId.of("shop", Environment.BASE);

    @TempDir
    Path state;

    private final Simulation time = new Simulation();
    private final Street street = new Street(time);
    private final List<StackEvent> events = new ArrayList<>();
    private StackEngine engine;

    @BeforeEach
    void setUp() {
        engine = new StackEngine(street, state, time, time);
    }

    private static StackDefinition shop(Environment environment) {
        Service db = Play.db();
        StackDefinition base = StackDefinition.of("shop", Environment.BASE)
                .add(db, Play.service("proxy"))
                .build();
        return StackDefinition.of("shop", environment)
                .base(base)
                .add(Play.service("api").env("DB_URL", db.url("sql", "http")))
                .share(new Share.Database("db", environment.id() + "_shop"))
                .build();
    }

    private RunningStack up(Environment environment) {
        return engine.up(shop(environment), Selection.all(), UpOptions.DEFAULT, events::add);
    }

    private FakeDriver house(Environment environment) {
        return street.house(StackId.of("shop", environment));
    }

    @Test
    void upWhenTheBaseIsNotThereBringsItUpFirstAndWhole() {
        RunningStack stack = up(Environment.DEV);

        assertThat(house(Environment.BASE).running()).containsExactlyInAnyOrder("db", "proxy");
        assertThat(house(Environment.DEV).running()).containsExactly("api");
        assertThat(stack.timeline().entries().keySet()).containsExactlyInAnyOrder("db", "proxy", "api");
        assertThat(events.stream().filter(StackEvent.Finished.class::isInstance))
                .hasSize(1);
    }

    @Test
    void upWhenAnotherEnvironmentHasBroughtTheBaseUpLeavesItAlone() {
        up(Environment.DEV);
        house(Environment.BASE).forgetPerformed();

        up(Environment.STAGE);

        assertThat(house(Environment.BASE).performed()).isEmpty();
        assertThat(house(Environment.STAGE).running()).containsExactly("api");
    }

    @Test
    void upWhenOneServiceIsNamedStartsOfTheBaseWhatItNeeds() {
        engine.up(shop(Environment.DEV), new Selection.WithNeeds(List.of("api")), UpOptions.DEFAULT, events::add);

        assertThat(house(Environment.BASE).running()).containsExactly("db");
    }

    @Test
    void upWhenAServiceOfTheBaseIsNamedStartsThatAlone() {
        engine.up(shop(Environment.DEV), new Selection.WithNeeds(List.of("proxy")), UpOptions.DEFAULT, events::add);

        assertThat(house(Environment.BASE).running()).containsExactly("proxy");
        assertThat(house(Environment.DEV).running()).isEmpty();
    }

    @Test
    void upWhenItIsDoneTwiceChangesNothing() {
        up(Environment.DEV);

        assertThat(engine.plan(shop(Environment.DEV), Selection.all(), UpOptions.DEFAULT)
                        .changes())
                .isEmpty();
    }

    @Test
    void planWhenNothingIsThereHasTheEnvironmentAfterItsBase() {
        String plan = engine.plan(shop(Environment.DEV), Selection.all(), UpOptions.DEFAULT)
                .text();

        assertThat(plan.lines().map(line -> line.strip().replaceAll(" {2,}", "  ")))
                .containsExactly(
                        "1  create network shop  not found",
                        "2  create volume shop_data-base  not found",
                        "3  create db  not found  after 1, 2",
                        "4  start db  not found  after 3",
                        "5  await db  started  after 4",
                        "6  create proxy  not found  after 1",
                        "7  start proxy  not found  after 6",
                        "8  await proxy  started  after 7",
                        "9  create network shop-dev  not found  after 5, 8",
                        "10  create api  not found  after 9",
                        "11  start api  not found  after 10",
                        "12  await api  started  after 11");
    }

    @Test
    void upWhenTheEnvironmentFailsTakesItBackAndLeavesTheBase() {
        house(Environment.DEV)
                .refuse("start api", new DriverException(DriverException.Kind.REFUSED, "it can't", "mend it"));

        assertThatThrownBy(() -> up(Environment.DEV)).isInstanceOf(StartFailedException.class);

        assertThat(house(Environment.DEV).containers()).isEmpty();
        assertThat(house(Environment.BASE).running()).containsExactlyInAnyOrder("db", "proxy");
    }

    @Test
    void upWhenTheBaseFailsStartsNothingOfTheEnvironment() {
        house(Environment.BASE)
                .refuse("start db", new DriverException(DriverException.Kind.REFUSED, "it can't", "mend it"));

        assertThatThrownBy(() -> up(Environment.DEV)).isInstanceOf(StartFailedException.class);

        assertThat(house(Environment.DEV).performed()).isEmpty();
        assertThat(house(Environment.BASE).containers()).isEmpty();
    }

    @Test
    void upWhenTheServerRunsMakesWhatIsTheEnvironmentsOwnInIt() {
        up(Environment.DEV);

        assertThat(street.commands())
                .containsExactly(
                        "shop (base) db: SELECT 1 FROM pg_database WHERE datname = 'dev_shop'",
                        "shop (base) db: CREATE DATABASE \"dev_shop\"");
    }

    @Test
    void upWhenTwoEnvironmentsStartAtOnceBringsBothUpOnOneBase() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        CountDownLatch go = new CountDownLatch(1);
        List<Future<RunningStack>> starts = new ArrayList<>();
        for (Environment environment : List.of(Environment.DEV, Environment.PROD)) {
            Simulation own = new Simulation();
            StackEngine another = new StackEngine(street, state, own, own);
            starts.add(threads.submit(() -> {
                go.await();
                return another.up(shop(environment), Selection.all(), UpOptions.DEFAULT, event -> {});
            }));
        }

        go.countDown();
        for (Future<RunningStack> start : starts) {
            start.get(30, TimeUnit.SECONDS);
        }
        threads.shutdown();

        assertThat(house(Environment.BASE).performed())
                .filteredOn("start db"::equals)
                .hasSize(1);
        assertThat(house(Environment.DEV).running()).containsExactly("api");
        assertThat(house(Environment.PROD).running()).containsExactly("api");
    }

    @Test
    void downWhenAnEnvironmentGoesLeavesTheBaseAndTheOthers() {
        up(Environment.DEV);
        up(Environment.STAGE);

        engine.down(StackId.of("shop", Environment.DEV), List.of(), events::add);

        assertThat(house(Environment.DEV).containers()).isEmpty();
        assertThat(house(Environment.BASE).running()).containsExactlyInAnyOrder("db", "proxy");
        assertThat(house(Environment.STAGE).running()).containsExactly("api");
    }

    @Test
    void downBaseWhenAnEnvironmentUsesItSaysWhichAndTouchesNothing() {
        up(Environment.DEV);
        up(Environment.STAGE);

        assertThatThrownBy(() -> engine.downBase(BASE, events::add))
                .isInstanceOf(PlanRefusedException.class)
                .hasMessageContaining("shop (base) stays as it is")
                .hasMessageContaining("shop (dev)")
                .hasMessageContaining("shop (stage)");

        assertThat(house(Environment.BASE).running()).containsExactlyInAnyOrder("db", "proxy");
    }

    @Test
    void downBaseWhenNobodyUsesItRemovesItAndKeepsItsVolumes() {
        up(Environment.DEV);
        engine.down(StackId.of("shop", Environment.DEV), List.of(), events::add);

        engine.downBase(BASE, events::add);

        assertThat(house(Environment.BASE).containers()).isEmpty();
        assertThat(house(Environment.BASE).volumes()).containsExactly("shop_data-base");
    }

    @Test
    void stopBaseWhenEnvironmentsAreStoppedStopsIt() {
        up(Environment.DEV);
        engine.stop(StackId.of("shop", Environment.DEV), List.of(), events::add);

        engine.stopBase(BASE, events::add);

        assertThat(house(Environment.BASE).running()).isEmpty();
        assertThat(house(Environment.BASE).containers()).containsExactlyInAnyOrder("db", "proxy");
    }

    @Test
    void resetWhenAnEnvironmentKeepsDataInTheBaseDropsItAndNoVolume() {
        up(Environment.DEV);
        street.commands().clear();

        engine.reset(shop(Environment.DEV), List.of(), UpOptions.DEFAULT, events::add);

        assertThat(street.commands())
                .containsSubsequence(
                        "shop (base) db: DROP DATABASE IF EXISTS \"dev_shop\" WITH (FORCE)",
                        "shop (base) db: CREATE DATABASE \"dev_shop\"");
        assertThat(house(Environment.BASE).performed()).noneMatch(step -> step.startsWith("remove"));
        assertThat(house(Environment.DEV).running()).containsExactly("api");
    }

    @Test
    void destroyWhenTheBaseIsStoppedStartsTheServerToDropWhatIsTheEnvironmentsOwn() {
        up(Environment.DEV);
        engine.stop(StackId.of("shop", Environment.DEV), List.of(), events::add);
        engine.stopBase(BASE, events::add);

        engine.destroy(shop(Environment.DEV), events::add);

        assertThat(street.commands()).endsWith("shop (base) db: DROP DATABASE IF EXISTS \"dev_shop\" WITH (FORCE)");
        assertThat(house(Environment.DEV).containers()).isEmpty();
        assertThat(house(Environment.BASE).volumes()).containsExactly("shop_data-base");
    }

    @Test
    void restartWhenAServiceOfTheBaseIsNamedRestartsThatAlone() {
        up(Environment.DEV);
        house(Environment.BASE).forgetPerformed();
        house(Environment.DEV).forgetPerformed();

        engine.restart(shop(Environment.DEV), new Selection.WithNeeds(List.of("db")), UpOptions.DEFAULT, events::add);

        assertThat(house(Environment.BASE).performed()).containsExactly("stop db", "start db");
        assertThat(house(Environment.DEV).performed()).isEmpty();
    }

    @Test
    void serviceWhenItIsOfTheBaseIsReachedThroughTheEnvironment() {
        RunningStack stack = up(Environment.DEV);

        assertThat(stack.service("db").address().port()).isEqualTo(5433);
        assertThat(stack.resolve(Play.db().url("sql", "http"))).isEqualTo("sql://127.0.0.1:5433");
    }
}
