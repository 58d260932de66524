package dev.withstack.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StackDefinitionTests {
    private static final Service DB =
            Service.image("db", "db:1").port("sql", 5432).probe(Probe.tcp());

    @Test
    void buildWhenEverythingIsWrongSaysItAllAtOnce() {
        Service api = Service.image("api", "api:1")
                .port("http", 80)
                .hostPort(8080)
                .needs(Dependency.healthy("nobody"))
                .needs(Dependency.healthy("mute"))
                .env("SEARCH", new Value.Address("search", "http", Value.Part.HOST, Value.Edge.NONE))
                .env("ODD", new Value.Address("db", "grpc", Value.Part.HOST, Value.Edge.NONE));
        Service mute = Service.image("mute", "mute:1").port("http", 80).hostPort(8080);

        assertThatThrownBy(() -> StackDefinition.of("My_Shop", Environment.DEV)
                        .add(DB, api, mute, DB)
                        .add(Service.image("a", "a:1")
                                .needs(Dependency.healthy("b"))
                                .probe(Probe.tcp()))
                        .add(Service.image("b", "b:1")
                                .needs(Dependency.healthy("a"))
                                .probe(Probe.tcp()))
                        .replace(Service.image("search", "search:1"))
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        """
                        Stack 'My_Shop' is not sound:
                          - My_Shop: 'My_Shop' is no name for a stack. Use lower-case letters, digits and single\
                         hyphens, beginning with a letter, at most 40 characters.
                          - search: can't be replaced, as the stack does not have it. Use add(..), or replace one of:\
                         db, api, mute, a, b.
                          - db: two services are called 'db'. Rename one of them, or use replace(..) if it is meant to\
                         take the other's place.
                          - api: needs 'nobody', which the stack does not have. Add it, or name one of: db, api, mute,\
                         a, b.
                          - api: waits for 'mute' to be healthy, but 'mute' has no probe that could say so. Give it one\
                         with probe(..), or depend on it with the condition STARTED.
                          - api: its variable SEARCH has the address of 'search', which the stack does not have. Add it,\
                         or name one of: db, api, mute, a, b.
                          - api: its variable ODD has the address of the endpoint 'grpc' of 'db', which has only: sql.\
                         Name one of these, or add it with port(..).
                          - mute: host port 8080 is asked for twice: by api's http and by mute's http. Give one of them\
                         another port, for example with MUTE_PORT.
                          - a: services wait for each other: a → b → a. Turn one of these references into an address\
                         only with withoutEdge().""");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "A",
                "1a",
                "-a",
                "a-",
                "a--b",
                "a_b",
                "a.b",
                "a b",
                "ä",
                "a/b",
                "a-name-that-is-one-character-longer-than-a-service-may-be-a"
            })
    void buildWhenAServiceHasNoGoodNameSaysWhatOneIs(String name) {
        assertThatThrownBy(() -> StackDefinition.of("shop", Environment.DEV)
                        .add(Service.image(name, "x:1"))
                        .build())
                .hasMessage("Stack 'shop' is not sound:\n  - " + name + ": '" + name + "' is no name for a service. Use"
                        + " lower-case letters, digits and single hyphens, beginning with a letter, at most 58"
                        + " characters.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "a1", "pipeline-api", "a-1-b", "fifty-eight-characters-are-still-a-name-of-a-service-abcde"
            })
    void buildWhenAServiceHasAGoodNameTakesIt(String name) {
        assertThat(stack(Service.image(name, "x:1")).services()).containsOnlyKeys(name);
    }

    @Test
    void buildWhenAServiceNeedsItselfShowsThat() {
        assertThatThrownBy(() -> stack(DB.needs(DB))).hasMessageContaining("services wait for each other: db → db.");
    }

    @Test
    void buildWhenAServiceReadsItsOwnAddressSeesNoCycle() {
        Service self = DB.env("ADVERTISED", DB.address("sql"));

        assertThat(stack(self).service("db").dependencies()).isEmpty();
    }

    @Test
    void buildWhenTheConditionIsStartedNeedsNoProbe() {
        Service mute = Service.image("mute", "mute:1");

        assertThat(stack(mute, DB.needs(new Dependency("mute", Dependency.Condition.STARTED)))
                        .services())
                .hasSize(2);
    }

    @Test
    void buildWhenAServiceRunsElsewhereMayHaveAPortThatIsUsedHere() {
        Service elsewhere = DB.hostPort(5432).external(new HostAndPort("127.0.0.1", 5432));
        Service here = Service.image("here", "here:1").port("sql", 5432).hostPort(5432);

        assertThat(stack(elsewhere, here).services()).hasSize(2);
    }

    @Test
    void buildWhenNetworksDoNotFitSaysWhichServiceShouldMove() {
        Service web = Service.image("web", "web:1")
                .networks("front", "edge")
                .file("/etc/web.conf", DB.url("sql", "sql"))
                .env("LOOSE", DB.address("sql").withoutEdge());

        assertThatThrownBy(() -> StackDefinition.of("shop", Environment.DEV)
                        .network("front")
                        .network("Back")
                        .add(DB.networks("Back"), web)
                        .build())
                .hasMessage(
                        """
                        Stack 'shop' is not sound:
                          - Back: 'Back' is no name for a network. Use lower-case letters, digits and single hyphens,\
                         beginning with a letter, at most 40 characters.
                          - web: is on the network 'edge', which the stack does not have. Declare it with network(..), or\
                         name one of: front, Back.
                          - web: its variable LOOSE has the address of 'db', with which it shares no network: it is on\
                         front, edge, 'db' on Back. Put one of the two on a network of the other with networks(..).
                          - web: its file /etc/web.conf has the address of 'db', with which it shares no network: it is on\
                         front, edge, 'db' on Back. Put one of the two on a network of the other with networks(..).""");
    }

    @Test
    void buildWhenConditionsDoNotFitWhatTheServiceIsSaysSo() {
        Service once = Service.image("buckets", "mc:1").runsOnce();
        Service spare = DB.onRequest();

        assertThatThrownBy(() -> stack(
                        once,
                        spare,
                        Service.image("a", "a:1").needs(once),
                        Service.image("b", "b:1").needs(Dependency.completed("db")),
                        Service.image("c", "c:1").needs(Dependency.optional(Dependency.healthy("db")))))
                .hasMessage(
                        """
                        Stack 'shop' is not sound:
                          - a: waits for 'buckets' to be healthy, but 'buckets' runs once and ends. Depend on it with\
                         Dependency.completed(..), and take an address of it withoutEdge().
                          - b: waits for 'db' to be completed, but 'db' runs on. Let it end with runsOnce(), or depend on\
                         it with Dependency.healthy(..).
                          - b: needs 'db', which is started on request only. Make it Dependency.optional(..) and its\
                         addresses withoutEdge(), or take onRequest() away.""");
    }

    @Test
    void buildWhenFilesOrLimitsCanNotBeSaysSo() {
        Service odd = Service.image("odd", "odd:1")
                .file("relative", Value.text(""))
                .file("/run/odd/odd.pid", Value.text(""))
                .bind("data", "/data")
                .file("/data/seed.txt", Value.text(""))
                .hardening(Hardening.NONE.tmpfs("/run"))
                .limits(Limits.NONE.memory("1m").reservedMemory("2m"));

        assertThatThrownBy(() -> stack(odd))
                .hasMessage(
                        """
                        Stack 'shop' is not sound:
                          - odd: 'relative' is no absolute path of its container. Begin it with a slash.
                          - odd: its file '/run/odd/odd.pid' lies in '/run', a tmpfs, which is empty at each start. Give\
                         one of them another path.
                          - odd: its file '/data/seed.txt' lies in '/data', a directory of the host, which is not written\
                         to. Give one of them another path.
                          - odd: more CPUs or memory are kept for it than it may use. Raise its limit or lower its\
                         reservation: ODD_CPUS, ODD_MEMORY.""");
    }

    @Test
    void networksWhenNoneIsDeclaredAreTheStacksOwn() {
        StackDefinition definition = stack(DB);

        assertThat(definition.networks()).containsExactly("shop-dev");
        assertThat(definition.networksOf(definition.service("db"))).containsExactly("shop-dev");
    }

    @Test
    void networksWhenDeclaredAreNamedAfterTheStackOrAsGiven() {
        StackDefinition definition = StackDefinition.of("shop", Environment.DEV)
                .network("back")
                .network("front", "market-network")
                .add(DB.networks("back"), Service.image("api", "api:1"))
                .build();

        assertThat(definition.networks()).containsExactly("shop-dev-back", "market-network");
        assertThat(definition.networksOf(definition.service("db"))).containsExactly("shop-dev-back");
        assertThat(definition.networksOf(definition.service("api"))).containsExactly("shop-dev-back", "market-network");
        assertThat(definition.forRun("r1").networks()).containsExactly("shop-dev-r1-back", "market-network-r1");
        assertThat(definition.map(service -> service).networks()).isEqualTo(definition.networks());
        assertThat(definition.extend().build().networks()).isEqualTo(definition.networks());
    }

    @Test
    void closureWhenADependencyIsOptionalLeavesItOut() {
        Service ollama = Service.image("ollama", "ollama:1").probe(Probe.tcp()).onRequest();
        Service api = Service.image("api", "api:1").needs(DB).needs(Dependency.optional(Dependency.healthy("ollama")));
        StackDefinition definition = stack(DB, ollama, api);

        assertThat(definition.closure(List.of("api"))).containsExactly("db", "api");
        assertThat(definition.graph().dependenciesOf("api")).containsExactly("db", "ollama");
        assertThat(definition.startedWithStack()).containsExactly("db", "api");
        assertThat(definition.upTo(Tier.APPLICATION)).containsExactly("db", "api");
    }

    @Test
    void graphWhenReferencesAreUsedHasTheirEdges() {
        Service api = Service.image("api", "api:1").env("URL", DB.url("sql", "sql"));
        Service loose = Service.image("loose", "loose:1")
                .env("URL", DB.url("sql", "sql").withoutEdge());
        StackDefinition definition = stack(DB, api, loose);

        assertThat(definition.graph().dependenciesOf("api")).containsExactly("db");
        assertThat(definition.graph().dependenciesOf("loose")).isEmpty();
    }

    @Test
    void dependenciesWhenAConditionIsDeclaredTakesItRatherThanThatOfTheReference() {
        Dependency started = new Dependency("db", Dependency.Condition.STARTED);
        Service api =
                Service.image("api", "api:1").env("URL", DB.url("sql", "sql")).needs(started);

        assertThat(api.dependencies()).containsExactly(started);
    }

    @Test
    void servicesWhenListedStandAsDeclared() {
        StackDefinition definition = stack(
                Service.image("z", "z:1"), Service.image("a", "a:1"), Service.built("m", "m"), Service.image("b", "b"));

        assertThat(definition.services().keySet()).containsExactly("z", "a", "m", "b");
        assertThat(definition.upTo(Tier.INFRASTRUCTURE)).containsExactly("z", "a", "b");
        assertThat(definition.upTo(Tier.APPLICATION)).containsExactly("z", "a", "m", "b");
        assertThat(definition).hasToString("StackDefinition[shop (dev): z, a, m, b]");
    }

    @Test
    void serviceWhenItIsUnknownListsThoseThereAre() {
        assertThatThrownBy(() -> stack(DB).service("dbb"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Stack 'shop' has no service 'dbb'; it has: db.");
    }

    @Test
    void serviceWithShellWhenAskedByNameOrAliasFindsIt() {
        StackDefinition definition = stack(DB.shell("sql", "psql"), Service.image("none", "none:1"));

        assertThat(definition.serviceWithShell("db")).map(Service::name).contains("db");
        assertThat(definition.serviceWithShell("sql")).map(Service::name).contains("db");
        assertThat(definition.serviceWithShell("none")).isEmpty();
    }

    @Test
    void extendWhenAServiceIsReplacedKeepsItsPlaceAndTheOriginal() {
        StackDefinition original = stack(DB, Service.image("api", "api:1"));

        StackDefinition extended = original.extend()
                .replace(DB.source(new Source.Image("db:2")))
                .add(Service.image("extra", "extra:1"))
                .build();

        assertThat(extended.services().keySet()).containsExactly("db", "api", "extra");
        assertThat(extended.service("db").source()).isEqualTo(new Source.Image("db:2"));
        assertThat(original.service("db").source()).isEqualTo(new Source.Image("db:1"));
    }

    @Test
    void mapWhenTheStackIsOneOfSeveralRunsStaysThatRun() {
        StackDefinition definition = stack(DB).forRun("r1").map(service -> service.env("A", "1"));

        assertThat(definition.id().run()).isEqualTo("r1");
        assertThat(definition.service("db").environment()).containsKey("A");
    }

    @Test
    void mapWhenTheResultIsUnsoundSaysSo() {
        StackDefinition definition = stack(DB, Service.image("api", "api:1").needs(DB));

        assertThatThrownBy(() -> definition.map(
                        service -> service.name().equals("db") ? Service.image("renamed", "db:1") : service))
                .hasMessageContaining("api: needs 'db', which the stack does not have.");
    }

    private static StackDefinition stack(Service... services) {
        return StackDefinition.of("shop", Environment.DEV)
                .add(List.of(services).toArray(Service[]::new))
                .build();
    }

    @Test
    void baseWhenItsServicesAreReferredToResolvesThemAndKeepsThemOutOfTheOwnGraph() {
        Service db = Service.image("db", "db:1").port("sql", 5432).probe(Probe.tcp());
        StackDefinition base =
                StackDefinition.of("shop", Environment.BASE).add(db).build();

        StackDefinition shop = StackDefinition.of("shop", Environment.STAGE)
                .base(base)
                .add(Service.image("api", "api:1").env("DB", db.address("sql")))
                .build();

        assertThat(shop.graph().order()).containsExactly("api");
        assertThat(shop.service("api").dependencies()).containsExactly(Dependency.healthy("db"));
        assertThat(shop.owner("db")).isSameAs(base);
        assertThat(shop.program("db").name()).isEqualTo("db");
        assertThat(shop.owner("api")).isSameAs(shop);
        assertThat(shop.servicesWithBase().keySet()).containsExactly("db", "api");
        assertThat(shop.nameOnBase("api")).isEqualTo("stage-api");
    }

    @Test
    void baseWhenTheStackIsRunAmongSeveralIsRunSoToo() {
        StackDefinition base = StackDefinition.of("shop", Environment.BASE).build();
        StackDefinition run =
                StackDefinition.of("shop", Environment.DEV).base(base).build().forRun("it1");

        assertThat(run.id().prefix()).isEqualTo("shop-dev-it1");
        assertThat(run.base().orElseThrow().id().prefix()).isEqualTo("shop-it1");
        assertThat(base.id().prefix()).isEqualTo("shop");
        assertThat(base.id().volumeName("data")).isEqualTo("shop_data-base");
    }

    @Test
    void buildWhenAServiceIsCalledLikeOneOfTheBaseOrAShareHasNoServerSaysBoth() {
        StackDefinition base = StackDefinition.of("shop", Environment.BASE)
                .add(Service.image("db", "db:1"))
                .build();

        assertThatThrownBy(() -> StackDefinition.of("shop", Environment.DEV)
                        .base(base)
                        .add(Service.image("db", "db:2"))
                        .share(new Share.Database("postgres", "dev_shop"))
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("a service of the base is called 'db' too.")
                .hasMessageContaining("has database dev_shop of postgres, and there is no 'postgres'.");
    }
}
