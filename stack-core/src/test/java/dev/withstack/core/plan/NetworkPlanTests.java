package dev.withstack.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.driver.FakeDriver;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Network;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of a stack's networks, and of the containers on them. */
class NetworkPlanTests {
    private static final Service DB = Service.image("db", "db:1").networks("back");
    private static final Service API = Service.image("api", "api:1").networks("back", "front");
    private static final Service WEB = Service.image("web", "web:1").networks("front");
    private static final StackDefinition SHOP = shop(DB, API, WEB);

    private static StackDefinition shop(Service... services) {
        return StackDefinition.of("shop", Environment.DEV)
                .network("back")
                .network("front", "market")
                .add(services)
                .build();
    }

    @Test
    void upWhenNothingIsThereCreatesEachNetworkBeforeWhatIsOnIt() {
        assertThat(Snapshot.nothing(SHOP).up().text())
                .isEqualTo(
                        """
                          1  create network shop-dev-back  not found
                          2  create network market         not found
                          3  create db                     not found  after 1
                          4  start db                      not found  after 3
                          5  await db                      started  after 4
                          6  create api                    not found  after 1, 2
                          7  start api                     not found  after 6
                          8  await api                     started  after 7
                          9  create web                    not found  after 2
                         10  start web                     not found  after 9
                         11  await web                     started  after 10
                        """);
    }

    @Test
    void upWhenOnlyOneServiceIsMeantCreatesItsNetworksOnly() {
        assertThat(Snapshot.nothing(SHOP).up(List.of("web")).text())
                .startsWith("  1  create network market  not found\n  2  create web ");
    }

    @Test
    void upWhenANetworkIsGoneCreatesItAndWhatWasOnItAnew() {
        Snapshot snapshot = Snapshot.running(SHOP).withoutNetwork("market");

        assertThat(snapshot.up().text())
                .contains("create network market", "create api", "create web", "its network market is gone")
                .doesNotContain("create db");
    }

    @Test
    void upWhenANetworkHasChangedMakesItAnewWithAllThatIsOnItAndKeepsTheData() {
        StackDefinition shop = shop(DB.volume("data", "/data"), API, WEB);
        Observed changed =
                Snapshot.running(shop).observed().withChangedNetworks(Map.of("shop-dev-back", "internal now"));

        assertThat(Planner.up(shop, List.of("db", "api"), changed).text())
                .isEqualTo(
                        """
                          1  stop db                       its network shop-dev-back is internal now
                          2  remove db                     its network shop-dev-back is internal now  after 1
                          3  stop api                      its network shop-dev-back is internal now
                          4  remove api                    its network shop-dev-back is internal now  after 3
                          5  remove network shop-dev-back  internal now  after 2, 4
                          6  create network shop-dev-back  internal now  after 5
                          7  create db                     its network shop-dev-back is internal now  after 2, 6
                          8  start db                      its network shop-dev-back is internal now  after 7
                          9  await db                      started  after 8
                         10  create api                    its network shop-dev-back is internal now  after 4, 6
                         11  start api                     its network shop-dev-back is internal now  after 10
                         12  await api                     started  after 11
                        """);
    }

    @Test
    void upWhenANetworkHasChangedAndOthersAreOnItRefuses() {
        Observed changed = Snapshot.running(SHOP).observed().withChangedNetworks(Map.of("market", "internal now"));

        assertThatThrownBy(() -> Planner.up(SHOP, List.of("api"), changed))
                .isInstanceOf(PlanRefusedException.class)
                .hasMessageContaining(
                        "api: needs the network 'market' anew (internal now), and 'web' is on it and was not"
                                + " asked for. Start them together, or stop 'web' first.");
        assertThatThrownBy(() -> Planner.check(SHOP, List.of("api"), changed))
                .hasMessageContaining(
                        "the network 'market' is internal now, and has to be made anew, with all that is on"
                                + " it. Start the stack with 'dev', which does so.");
    }

    @Test
    void upWhenAContainerIsNotOnANetworkAnyMoreCreatesItAnew() {
        Snapshot snapshot = Snapshot.running(SHOP)
                .change("api", container -> FakeDriver.onNetworks(container, Set.of("shop-dev-back")));

        assertThat(snapshot.up(List.of("api")).text())
                .contains("create api           not on network market")
                .doesNotContain("create network");
    }

    @Test
    void upWhenAServiceIsPutOnAnotherNetworkSaysWhich() {
        StackDefinition moved = shop(DB.networks("front"), API, WEB);

        assertThat(Planner.up(moved, List.of("db"), Snapshot.running(SHOP).observed())
                        .text())
                .contains("create db           config changed: network market (new), network shop-dev-back (gone)");
    }

    @Test
    void upWhenANetworkIsNoLongerDeclaredSaysSo() {
        StackDefinition smaller = StackDefinition.of("shop", Environment.DEV)
                .network("back")
                .add(DB)
                .build();

        assertThat(Planner.up(smaller, List.of("db"), Snapshot.running(shop(DB)).observed())
                        .notes())
                .containsExactly("network 'market' is there but no longer part of the stack; 'down' removes it.");
    }

    @Test
    void downWhenAllIsMeantRemovesEveryNetwork() {
        Snapshot snapshot = Snapshot.running(SHOP).without("api").without("web");

        assertThat(DownPlanner.down(snapshot.observed(), List.of(), List.of()).text())
                .isEqualTo(
                        """
                          1  stop db                       down
                          2  remove db                     down  after 1
                          3  remove network shop-dev-back  down  after 2
                          4  remove network market         down  after 2
                        """);
    }

    @Test
    void upWhenAContainerWithFilesWasOnlyCreatedCreatesItAnew() {
        StackDefinition definition = shop(DB.file("/etc/db", Value.text("1")));
        Snapshot snapshot = Snapshot.running(definition).state("db", Observed.State.CREATED, 0);

        assertThat(snapshot.up().text())
                .isEqualTo(
                        """
                          1  remove db  created, perhaps without its files
                          2  create db  created, perhaps without its files  after 1
                          3  start db   created, perhaps without its files  after 2
                          4  await db   started  after 3
                        """);
    }

    @Test
    void upWhenANetworkIsSomebodyElsesNeitherMakesItNorGoesOnWithoutIt() {
        StackDefinition stack = StackDefinition.of("shop", Environment.DEV)
                .network(new Network("proxy", "everybodys", Network.Kind.OUTSIDE, List.of()))
                .add(Service.image("web", "web:1").networks("proxy"))
                .build();

        assertThatThrownBy(() -> Snapshot.nothing(stack).up())
                .isInstanceOf(PlanRefusedException.class)
                .hasMessageContaining(
                        "web: is on the network 'everybodys', which is not the stack's own, and is not there."
                                + " Start what makes it, or make it: docker network create everybodys");
        assertThat(Snapshot.nothing(stack).network().up().text()).doesNotContain("network");
    }
}
