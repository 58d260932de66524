package dev.withstack.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a service that runs once is run, and who waits for it; and when an optional one is started. */
class OneShotPlanTests {
    private static final Service STORE =
            Service.image("store", "store:1").port("s3", 9000).probe(Probe.tcp());
    private static final Service BUCKETS =
            Service.image("buckets", "mc:1").needs(STORE).runsOnce();
    private static final Service SEED =
            Service.image("seed", "mc:1").needs(Dependency.completed("buckets")).runsOnce();
    private static final Service API = Service.image("api", "api:1").needs(Dependency.completed("seed"));
    private static final StackDefinition SHOP = StackDefinition.of("shop", Environment.DEV)
            .add(STORE, BUCKETS, SEED, API)
            .build();

    @Test
    void upWhenNothingIsThereRunsItBeforeWhatWaitsForIt() {
        assertThat(Snapshot.nothing(SHOP).up().text())
                .isEqualTo(
                        """
                          1  create network shop-dev  not found
                          2  create store             not found  after 1
                          3  start store              not found  after 2
                          4  await store              started  after 3
                          5  create buckets           not found  after 1
                          6  start buckets            not found  after 4, 5
                          7  await buckets            started  after 6
                          8  create seed              not found  after 1
                          9  start seed               not found  after 7, 8
                         10  await seed               started  after 9
                         11  create api               not found  after 1
                         12  start api                not found  after 10, 11
                         13  await api                started  after 12
                        """);
    }

    @Test
    void upWhenItIsCompletedLeavesItAlone() {
        assertThat(completed().without("api").up().text())
                .isEqualTo(
                        """
                          1  await store  running, unchanged
                          2  create api   not found
                          3  start api    not found  after 2
                          4  await api    started  after 3
                        """);
    }

    @Test
    void upWhenWhatItNeedsWasStoppedOnlyLeavesItAlone() {
        assertThat(completed()
                        .state("store", Observed.State.EXITED, 0)
                        .up(List.of("seed"))
                        .text())
                .isEqualTo(
                        """
                          1  start store  stopped
                          2  await store  started  after 1
                        """);
    }

    @Test
    void upWhenWhatItNeedsIsCreatedAnewRunsItAgainAndWhatWaitsForThatToo() {
        assertThat(completed().without("store").up().text())
                .isEqualTo(
                        """
                          1  create store   not found
                          2  start store    not found  after 1
                          3  await store    started  after 2
                          4  start buckets  store is new  after 3
                          5  await buckets  started  after 4
                          6  start seed     buckets is new  after 5
                          7  await seed     started  after 6
                          8  await api      running, unchanged  after 7
                        """);
    }

    @Test
    void upWhenItHasFailedBeforeRunsItAgain() {
        assertThat(completed()
                        .state("seed", Observed.State.EXITED, 3)
                        .up(List.of("seed"))
                        .text())
                .isEqualTo(
                        """
                          1  await store  running, unchanged
                          2  start seed   exited 3
                          3  await seed   started  after 2
                        """);
    }

    @Test
    void upWhenItIsChangedRunsItAnew() {
        StackDefinition changed =
                SHOP.map(service -> service.name().equals("seed") ? service.env("SIZE", "2") : service);

        assertThat(Planner.up(changed, List.of("seed"), completed().observed()).text())
                .isEqualTo(
                        """
                          1  await store           running, unchanged
                          2  set seed aside        config changed: env SIZE (new)
                          3  create seed           config changed: env SIZE (new)  after 2
                          4  start seed            config changed: env SIZE (new)  after 3
                          5  await seed            started  after 4
                          6  remove replaced seed  all is ready  after 1, 5
                        """);
    }

    @Test
    void upOnlyWhenItIsCompletedHasWhatItNeeds() {
        assertThat(completed().without("api").only("api").text())
                .isEqualTo(
                        """
                          1  create api  not found
                          2  start api   not found  after 1
                          3  await api   started  after 2
                        """);
    }

    @Test
    void upOnlyWhenItIsNotCompletedRefuses() {
        assertThatThrownBy(() ->
                        completed().state("seed", Observed.State.EXITED, 1).only("api"))
                .hasMessage("Nothing was started:\n  - api: needs 'seed', which is not completed and was not asked for."
                        + " Start it first, or leave --only out.");
    }

    @Test
    void stopWhenItIsCompletedHasNothingToStopOfIt() {
        assertThat(DownPlanner.stop(completed().observed(), List.of()).text())
                .isEqualTo(
                        """
                          1  stop api    stop
                          2  stop store  stop  after 1
                        """);
    }

    @Test
    void upWhenADependencyIsOptionalWaitsForItOnlyIfItIsAskedFor() {
        Service ollama = Service.image("ollama", "ollama:1").probe(Probe.tcp()).onRequest();
        StackDefinition definition = StackDefinition.of("shop", Environment.DEV)
                .add(ollama)
                .add(Service.image("api", "api:1").needs(Dependency.optional(Dependency.healthy("ollama"))))
                .build();

        assertThat(Snapshot.nothing(definition).network().up(List.of("api")).text())
                .isEqualTo(
                        """
                          1  create api  not found
                          2  start api   not found  after 1
                          3  await api   started  after 2
                        """);
        assertThat(Snapshot.nothing(definition)
                        .network()
                        .up(List.of("api", "ollama"))
                        .text())
                .contains("start api      not found  after 3, 4");
    }

    private static Snapshot completed() {
        return Snapshot.running(SHOP)
                .state("buckets", Observed.State.COMPLETED, 0)
                .state("seed", Observed.State.COMPLETED, 0);
    }
}
