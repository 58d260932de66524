package dev.withstack.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.driver.FakeDriver;
import dev.withstack.core.plan.Fingerprint;
import dev.withstack.core.plan.NetworkAddresses;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service that is made to be several becomes them, with an entry where it has an address. */
class ReplicasTests {
    private static final Service DB =
            Service.image("db", "db:1").port("sql", 5432).probe(Probe.tcp());
    private static final Service API = Service.built("api", "api")
            .port("http", 8080)
            .hostPort(8080)
            .env("DB", DB.address("sql"))
            .probe(Probe.http("/health"))
            .page("http", "/docs")
            .alias("orders");
    private static final Service WORKER = Service.built("worker", "worker")
            .env("DB", DB.address("sql"))
            .probe(Probe.command("is-well"))
            .onHost("worker", "work");

    @Test
    void servicesWhenOneHasReplicasAreEachOfThem() {
        StackDefinition stack = stack(DB, WORKER.replicas(3));

        assertThat(stack.services()).containsOnlyKeys("db", "worker-1", "worker-2", "worker-3");
        assertThat(stack.declared()).containsOnlyKeys("db", "worker");
        assertThat(stack.services().values())
                .filteredOn(service -> service.replicaOf().isPresent())
                .hasSize(3)
                .allSatisfy(worker -> {
                    assertThat(worker.declaredName()).isEqualTo("worker");
                    assertThat(worker.dependencies()).containsExactly(Dependency.healthy("db"));
                    assertThat(worker.source()).isEqualTo(WORKER.source());
                });
    }

    @Test
    void servicesWhenOneMostlyIsOneKeepItsNameForTheFirst() {
        StackDefinition one = stack(DB, WORKER.replicas(Replicas.one()));
        StackDefinition three = one.scaled(Map.of("worker", 3));

        assertThat(one.services()).containsOnlyKeys("db", "worker");
        assertThat(three.services()).containsOnlyKeys("db", "worker", "worker-2", "worker-3");
        assertThat(three.meant("worker")).containsExactly("worker", "worker-2", "worker-3");
        assertThat(three.program("worker").hostRun()).isPresent();
        assertThat(three.service("worker-2").hostRun()).isEmpty();
        assertThat(one.hadReplica("worker-3")).map(Service::name).contains("worker");
    }

    @Test
    void buildWhenOneThatMostlyIsOneHasAnEndpointRefusesIt() {
        assertThatThrownBy(() -> stack(DB, API.replicas(Replicas.one())))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("its first replica would bear the name of the server in front of them");
    }

    @Test
    void servicesWhenOneHasReplicasAndAnEndpointHaveAnEntryInFrontOfThem() {
        StackDefinition stack = stack(DB, API.replicas(2));

        assertThat(stack.services()).containsOnlyKeys("db", "api-1", "api-2", "api");
        Service entry = stack.service("api");
        assertThat(entry.source()).isEqualTo(new Source.Image("nginx:1.27-alpine"));
        assertThat(entry.endpoints()).isEqualTo(API.endpoints());
        assertThat(entry.pages()).isEqualTo(API.pages());
        assertThat(entry.aliases()).containsExactly("orders");
        assertThat(entry.probe()).isEqualTo(API.probe());
        assertThat(entry.dependencies())
                .containsExactly(
                        new Dependency("api-1", Dependency.Condition.STARTED),
                        new Dependency("api-2", Dependency.Condition.STARTED));
        assertThat(stack.service("api-2").endpoints())
                .containsExactly(new Endpoint("http", 8080, new Endpoint.Hidden()));
        assertThat(stack.service("api-2").aliases()).containsExactly("api-replicas");
        assertThat(stack.service("api-2").pages()).isEmpty();
    }

    @Test
    void entryWhenThereAreMoreReplicasIsTheSame() {
        StackDefinition two = stack(DB, API.replicas(2));
        StackDefinition five = two.scaled(Map.of("api", 5));

        assertThat(fingerprint(five)).isEqualTo(fingerprint(two));
    }

    @Test
    void addressWhenAServiceHasReplicasIsThatOfTheEntry() {
        Service web = Service.image("web", "web:1")
                .env("API", API.url("http", "http"))
                .needs(API);
        StackDefinition stack = stack(DB, API.replicas(2), web);

        assertThat(web.environment().get("API").resolve(new NetworkAddresses(stack)))
                .isEqualTo("http://api:8080");
        assertThat(stack.service("web").dependencies()).containsExactly(Dependency.healthy("api"));
    }

    @Test
    void needsWhenTheServiceHasReplicasAndNoEntryMeansAllOfThem() {
        StackDefinition stack =
                stack(DB, WORKER.replicas(2), Service.image("late", "late:1").needs(WORKER));

        assertThat(stack.service("late").dependencies())
                .containsExactly(Dependency.healthy("worker-1"), Dependency.healthy("worker-2"));
    }

    @Test
    void dependenciesWhenAReplicaHasTheAddressOfItsEntryAreNoCircle() {
        Service self = API.env("SELF", API.url("http", "http"));

        assertThat(stack(DB, self.replicas(2)).service("api-1").dependencies())
                .containsExactly(Dependency.healthy("db"));
    }

    @Test
    void onHostWhenThereAreReplicasIsToldOnce() {
        assertThat(stack(DB, WORKER.replicas(3)).services().values())
                .filteredOn(service -> service.hostRun().isPresent())
                .extracting(Service::name)
                .containsExactly("worker-1");
    }

    @Test
    void developedWhenDevStartsFewerLeavesTheOthersOut() {
        StackDefinition stack = stack(DB, WORKER.replicas(Replicas.of(3).developed(1)));

        assertThat(stack.developed()).containsExactly("db", "worker-1");
        assertThat(stack.scaled(Map.of("worker", 2)).developed()).containsExactly("db", "worker-1", "worker-2");
    }

    @Test
    void scaledWhenTheNumberIsAnotherChangesNothingElse() {
        StackDefinition stack = stack(DB, WORKER.replicas(1), API.replicas(1));

        StackDefinition scaled = stack.scaled(Map.of("worker", 3));

        assertThat(scaled.replicas()).isEqualTo(Map.of("worker", 3, "api", 1));
        assertThat(scaled.services()).containsOnlyKeys("db", "worker-1", "worker-2", "worker-3", "api-1", "api");
    }

    @Test
    void mapWhenAServiceHasReplicasChangesAllOfThem() {
        StackDefinition stack = stack(DB, API.replicas(2)).map(service -> service.env("ADDED", service.name()));

        assertThat(stack.service("api-1").environment()).containsEntry("ADDED", Value.text("api"));
        assertThat(stack.service("api-2").environment()).containsEntry("ADDED", Value.text("api"));
        assertThat(stack.extend().build().services().keySet())
                .isEqualTo(stack.services().keySet());
    }

    @Test
    void meantWhenANameIsThatOfSeveralIsAllOfThem() {
        StackDefinition stack = stack(DB, WORKER.replicas(2), API.replicas(1));

        assertThat(stack.meant("worker")).containsExactly("worker-1", "worker-2");
        assertThat(stack.meant("worker-2")).containsExactly("worker-2");
        assertThat(stack.meant("api")).containsExactly("api-1", "api");
        assertThat(stack.meant("db")).containsExactly("db");
        assertThatThrownBy(() -> stack.meant("web"))
                .hasMessage("Stack 'shop' has no service 'web'; it has: db, worker-1, worker-2, api-1, api.");
    }

    @Test
    void programWhenThereIsAnEntryIsBehindIt() {
        StackDefinition stack = stack(DB, WORKER.replicas(2), API.replicas(2));

        assertThat(stack.program("api").name()).isEqualTo("api-1");
        assertThat(stack.program("worker").name()).isEqualTo("worker-1");
        assertThat(stack.program("worker-2").name()).isEqualTo("worker-2");
        assertThat(stack.program("db").name()).isEqualTo("db");
    }

    @Test
    void servicesWhenWhatHasReplicasRunsElsewhereAreNotMultiplied() {
        StackDefinition stack = stack(DB, API.replicas(2).external(new HostAndPort("api.example.com", 443)));

        assertThat(stack.services()).containsOnlyKeys("db", "api");
        assertThat(stack.replicas()).isEmpty();
    }

    @Test
    void buildWhenReplicasCanNotBeSaysEachReason() {
        assertThatThrownBy(() -> stack(
                        DB.hostPort(5433).volume("data", "/data").replicas(2),
                        API.replicas(2),
                        Service.image("api-2", "other:1")))
                .hasMessage(
                        """
                        Stack 'shop' is not sound:
                          - db: has replicas and the volume 'data', into which they would all write. Leave out\
                         replicas(..), or keep the data in a service of its own.
                          - db: has replicas and the endpoint 'sql', published on host port 5433, which only one of\
                         them can hold, but no HTTP probe: the one address in front of replicas is that of an HTTP\
                         server. Give it a probe with http(..), or leave out replicas(..).
                          - api: has replicas, and one of them would be called 'api-2', as another service is. Rename\
                         the other one.""");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 33})
    void replicasWhenTheNumberIsNoneOrTooHighIsRefused(int number) {
        assertThatThrownBy(() -> WORKER.replicas(number))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(number + " replicas are not between 1 and 32.");
    }

    @Test
    void developedWhenItIsMoreThanThereAreIsRefused() {
        assertThatThrownBy(() -> Replicas.of(2).developed(3))
                .hasMessage("dev can't start 3 of 2 replicas: it starts at least one.");
    }

    private static Fingerprint fingerprint(StackDefinition stack) {
        Service entry = stack.service("api");
        return Fingerprint.of(stack, entry, FakeDriver.presentImage(entry));
    }

    private static StackDefinition stack(Declared<?>... services) {
        return StackDefinition.of("shop", Environment.DEV).add(services).build();
    }
}
