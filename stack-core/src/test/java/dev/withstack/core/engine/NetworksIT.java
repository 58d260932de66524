package dev.withstack.core.engine;

import static dev.withstack.core.engine.Trial.idle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Network;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Setup;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.coverage.Row;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Services find those they share a network with, and nobody else: asked from inside. */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class NetworksIT {

    @RegisterExtension
    final Trial trial = new Trial();

    private final Service db = idle("db").networks("back").alias("database");
    private final Service api = idle("api").networks("back", "front");
    private final Service web = idle("web").networks("front");

    @Test
    void upWhenServicesAreOnSeveralNetworksTheyFindThoseTheyShareOneWith() throws InterruptedException {
        RunningStack stack = trial.up(shop(db, api, web));

        assertThat(finds(stack, "api", "db")).isTrue();
        assertThat(finds(stack, "api", "database")).isTrue();
        assertThat(finds(stack, "api", "web")).isTrue();
        assertThat(finds(stack, "db", "api")).isTrue();
        assertThat(finds(stack, "web", "api")).isTrue();
        assertThat(finds(stack, "db", "web")).isFalse();
        assertThat(finds(stack, "web", "db")).isFalse();
        assertThat(finds(stack, "web", "database")).isFalse();
        assertThat(trial.leftovers())
                .contains("network " + trial.name() + "-dev-back", "network " + trial.name() + "-market");

        trial.up(shop(db, api, web));
        assertThat(trial.changes()).isEmpty();

        trial.engine().down(stack.definition().id(), List.of(), trial::hear);
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    void upWhenANetworkHasChangedMakesItAnewAndKeepsTheData() throws Exception {
        Service keeping = db.volume("kept", "/kept");
        RunningStack before = trial.up(onBack(Network.Kind.OPEN, List.of(), keeping, api, web));
        before.service("db").exec(Duration.ofSeconds(30), "sh", "-c", "echo a word > /kept/word");
        String untouched = before.service("web").container().orElseThrow().id();

        StackDefinition changed = onBack(Network.Kind.INTERNAL, List.of("10.213.7.0/24"), keeping, api, web);
        RunningStack after = trial.up(changed);

        assertThat(trial.docker(
                        "network",
                        "inspect",
                        "--format",
                        "{{.Internal}} {{(index .IPAM.Config 0).Subnet}}",
                        trial.name() + "-dev-back"))
                .containsExactly("true 10.213.7.0/24");
        assertThat(finds(after, "api", "db")).isTrue();
        assertThat(after.service("db")
                        .exec(Duration.ofSeconds(30), "cat", "/kept/word")
                        .stdout())
                .isEqualTo("a word\n");
        assertThat(after.service("web").container().orElseThrow().id()).isEqualTo(untouched);
        trial.up(changed);
        assertThat(trial.changes()).isEmpty();

        trial.up(onBack(Network.Kind.OPEN, List.of(), keeping, api, web));
        assertThat(trial.docker("network", "inspect", "--format", "{{.Internal}}", trial.name() + "-dev-back"))
                .containsExactly("false");
    }

    private StackDefinition onBack(Network.Kind kind, List<String> subnets, Service... services) {
        return StackDefinition.of(trial.name(), Environment.DEV)
                .network(new Network("back", "", kind, subnets))
                .network("front")
                .add(services)
                .build();
    }

    @Test
    void upWhenANetworkIsSomebodyElsesJoinsItAndLeavesItThere() throws InterruptedException {
        String name = trial.name() + "-everybodys";
        StackDefinition stack = StackDefinition.of(trial.name(), Environment.DEV)
                .network("own")
                .network(new Network("proxy", name, Network.Kind.OUTSIDE, List.of()))
                .add(idle("both").networks("own", "proxy"), idle("beyond").networks("proxy"))
                .build();
        assertThatThrownBy(() -> trial.up(stack)).hasMessageContaining("docker network create " + name);

        trial.docker("network", "create", "--label", trial.label(), name);
        RunningStack running = trial.up(stack);
        assertThat(finds(running, "both", "beyond")).isTrue();
        assertThat(trial.docker(
                        "inspect",
                        "--format",
                        "{{range $n, $e := .NetworkSettings.Networks}}{{$n}} {{end}}",
                        trial.container("both")))
                .singleElement()
                .asString()
                .contains(name, trial.name() + "-dev-own");
        assertThat(running.service("beyond").container().orElseThrow().isCutOff())
                .isFalse();
        trial.up(stack);
        assertThat(trial.changes()).isEmpty();

        trial.engine().down(stack.id(), List.of(), trial::hear);
        assertThat(trial.leftovers()).isEmpty();
        assertThat(trial.docker("network", "inspect", "--format", "{{.Name}}", name))
                .containsExactly(name);
    }

    @Test
    void upWhenAServiceHasTheNetworkOfAnotherIsMadeAnewWithIt() throws InterruptedException {
        Service first = Trial.web("first", 200).probe(Probe.http("/"));
        Service inside = idle("inside")
                .setup(Setup.NONE.joins(Setup.Namespace.NETWORK, "service:first"))
                .needs(Dependency.together(Dependency.healthy("first")));
        RunningStack running = trial.up(trial.stack(first, inside));
        String ask = "exec 3<>/dev/tcp/127.0.0.1/8080 && echo there";
        assertThat(running.service("inside")
                        .exec(Duration.ofSeconds(20), "bash", "-c", ask)
                        .stdout())
                .isEqualTo("there\n");

        running = trial.up(trial.stack(first.env("NEW", "yes"), inside));

        assertThat(running.service("inside")
                        .exec(Duration.ofSeconds(20), "bash", "-c", ask)
                        .stdout())
                .isEqualTo("there\n");
    }

    /** With an edge each would wait for the other. */
    @Test
    @Row("settled.no-edge")
    void upWhenAnAddressIsTakenWithoutEdgeKnowsItAndDoesNotWait() throws InterruptedException {
        Service late = Trial.web("late", 200).probe(Probe.http("/"));
        Service early = idle("early").env("LATER", late.address("http").withoutEdge());

        RunningStack stack =
                trial.up(trial.stack(early, late.needs(new Dependency("early", Dependency.Condition.STARTED))));

        assertThat(stack.service("early")
                        .exec(Duration.ofMinutes(1), "printenv", "LATER")
                        .stdout()
                        .strip())
                .isEqualTo("late:8080");
    }

    @Test
    void upWhenAnotherEnvironmentRunsFindsNoneOfItsNames() throws InterruptedException {
        Service onlyInDev = idle("only-in-dev").alias("dev-alias");
        RunningStack dev = trial.up(trial.stack(idle("a"), onlyInDev));
        RunningStack prod = trial.up(StackDefinition.of(trial.name(), Environment.PROD)
                .add(idle("a"), idle("only-in-prod"))
                .build());

        assertThat(finds(dev, "a", "only-in-dev")).isTrue();
        assertThat(finds(dev, "a", "only-in-prod")).isFalse();
        assertThat(finds(prod, "a", "only-in-prod")).isTrue();
        assertThat(finds(prod, "a", "only-in-dev")).isFalse();
        assertThat(finds(prod, "a", "dev-alias")).isFalse();
        assertThat(finds(prod, "a", trial.container("a"))).isFalse();
        assertThat(addressOf(dev, "a", "a")).isNotEqualTo(addressOf(prod, "a", "a"));
    }

    @Test
    void upWhenAContainerWasTakenOffANetworkByHandPutsThatRight() throws InterruptedException {
        StackDefinition shop = shop(db, api, web);
        trial.up(shop);
        trial.docker("network", "disconnect", trial.name() + "-market", trial.container("api"));

        RunningStack stack = trial.up(shop);

        assertThat(trial.changes()).contains("create api: not on network " + trial.name() + "-market");
        assertThat(trial.changes()).noneMatch(change -> change.contains(" db") || change.contains(" web"));
        assertThat(finds(stack, "web", "api")).isTrue();
    }

    @Test
    void upWhenANetworkWasRemovedAndMadeAnewPutsThatRight() throws InterruptedException {
        StackDefinition shop = shop(db, api, web);
        trial.up(shop);
        trial.engine().stop(shop.id(), List.of(), trial::hear);
        trial.docker("network", "rm", trial.name() + "-market");
        trial.engine().up(shop, new Selection.WithNeeds(List.of("web")), UpOptions.DEFAULT, trial::hear);

        RunningStack stack = trial.up(shop);

        assertThat(trial.changes())
                .contains("create api: not on network " + trial.name() + "-market", "start db: exited 137");
        assertThat(finds(stack, "api", "web")).isTrue();
        assertThat(finds(stack, "api", "db")).isTrue();
    }

    @Test
    void upWhenTheNameOfANetworkIsTakenSaysSo() {
        trial.docker("network", "create", "--label", trial.label(), trial.name() + "-market");

        assertThatThrownBy(() -> trial.up(shop(web)))
                .hasMessageContaining(
                        "A network that is not part of this stack is called '" + trial.name() + "-market' already.")
                .hasMessageContaining("docker network rm " + trial.name() + "-market");
        assertThat(trial.leftovers()).isEmpty();
    }

    private StackDefinition shop(Service... services) {
        return StackDefinition.of(trial.name(), Environment.DEV)
                .network("back")
                .network("front", trial.name() + "-market")
                .add(services)
                .build();
    }

    private static boolean finds(RunningStack stack, String from, String name) throws InterruptedException {
        return lookUp(stack, from, name).exitCode() == 0;
    }

    private static String addressOf(RunningStack stack, String from, String name) throws InterruptedException {
        return lookUp(stack, from, name).stdout();
    }

    private static Driver.ExecResult lookUp(RunningStack stack, String from, String name) throws InterruptedException {
        return stack.service(from).exec(Duration.ofSeconds(60), "getent", "ahostsv4", name);
    }
}
