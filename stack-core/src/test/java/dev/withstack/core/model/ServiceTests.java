package dev.withstack.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServiceTests {
    private static final Service PLAIN = Service.image("api", "api:1").port("http", 80);

    @Test
    void everyMethodWhenCalledLeavesTheServiceItWasCalledOnAlone() {
        Service changed = PLAIN.port("grpc", 81)
                .hostPort(8080)
                .source(new Source.Image("api:2"))
                .env("A", "1")
                .command("serve")
                .volume("data", "/data")
                .needs(Dependency.healthy("db"))
                .probe(Probe.tcp())
                .patience(Duration.ofSeconds(1))
                .containerCheck(ContainerCheck.of("true"))
                .tier(Tier.APPLICATION)
                .restart(RestartPolicy.NEVER)
                .limits(Limits.NONE.cpus(1))
                .stopPolicy(new StopPolicy("SIGINT", Duration.ofSeconds(1)))
                .family("family")
                .holds(new Data.Redis())
                .shell("sh", "sh")
                .onHost("api", "run")
                .page("http", "/")
                .alias("other");

        assertThat(PLAIN.endpoints()).containsExactly(new Endpoint("http", 80, new Endpoint.Hidden()));
        assertThat(PLAIN.source()).isEqualTo(new Source.Image("api:1"));
        assertThat(PLAIN.environment()).isEmpty();
        assertThat(PLAIN.command()).isEmpty();
        assertThat(PLAIN.volumes()).isEmpty();
        assertThat(PLAIN.dependencies()).isEmpty();
        assertThat(PLAIN.probe()).isEmpty();
        assertThat(PLAIN.patience()).isEqualTo(Duration.ofMinutes(2));
        assertThat(PLAIN.containerCheck()).isEmpty();
        assertThat(PLAIN.tier()).isEqualTo(Tier.INFRASTRUCTURE);
        assertThat(PLAIN.restartPolicy()).isEqualTo(RestartPolicy.UNLESS_STOPPED);
        assertThat(PLAIN.limits()).isEqualTo(Limits.NONE);
        assertThat(PLAIN.stopPolicy()).isEqualTo(StopPolicy.DEFAULT);
        assertThat(PLAIN.family()).isEmpty();
        assertThat(PLAIN.data()).isEmpty();
        assertThat(PLAIN.shell()).isEmpty();
        assertThat(PLAIN.hostRun()).isEmpty();
        assertThat(PLAIN.pages()).isEmpty();
        assertThat(PLAIN.aliases()).isEmpty();

        assertThat(changed.endpoints())
                .containsExactly(
                        new Endpoint("http", 80, new Endpoint.Fixed("127.0.0.1", 8080)),
                        new Endpoint("grpc", 81, new Endpoint.Hidden()));
        assertThat(changed.environment()).containsExactly(Map.entry("A", Value.text("1")));
        assertThat(changed.command()).containsExactly("serve");
        assertThat(changed.volumes()).containsExactly(new VolumeMount("data", "/data"));
        assertThat(changed.dependencies()).containsExactly(Dependency.healthy("db"));
        assertThat(changed.limits().cpus()).contains(1.0);
        assertThat(changed.data()).contains(new Data.Redis());
        assertThat(changed.pages()).containsExactly(Map.entry("http", "/"));
        assertThat(changed.aliases()).isEqualTo(Set.of("other"));
        assertThat(changed.withoutVolumes().volumes()).isEmpty();
        assertThat(changed.volumes()).hasSize(1);
    }

    @Test
    void changedWhenItRunsOnceIsNeverRestarted() {
        Service once = PLAIN.runsOnce();

        assertThat(PLAIN.isOneShot()).isFalse();
        assertThat(once.isOneShot()).isTrue();
        assertThat(once.restartPolicy()).isEqualTo(RestartPolicy.NEVER);
    }

    @Test
    void changedWhenItIsHardenedHasAllOfIt() {
        Service service = PLAIN.hardening(Hardening.NONE
                        .user("1000:1000")
                        .readOnlyRoot()
                        .tmpfs("/tmp")
                        .tmpfs("/run")
                        .dropAllCapabilities()
                        .addCapability("CHOWN")
                        .noNewPrivileges())
                .logRotation("100m", 3)
                .volumeNamed("pgdata-dev", "/data");

        assertThat(service.hardening())
                .isEqualTo(new Hardening(
                        "1000:1000",
                        Hardening.Root.READ_ONLY,
                        List.of("/tmp", "/run"),
                        List.of("ALL"),
                        List.of("CHOWN"),
                        Hardening.Privileges.FIXED));
        assertThat(service.logRotation()).contains(new LogRotation("100m", 3));
        assertThat(service.volumes().get(0).nameIn(StackId.of("shop", Environment.PROD)))
                .isEqualTo("pgdata-dev");
        assertThat(PLAIN.hardening()).isEqualTo(Hardening.NONE);
        assertThat(PLAIN.logRotation()).isEmpty();
        assertThatThrownBy(() -> PLAIN.logRotation("much", 3)).hasMessage("'much' is not a size such as 512m or 2g.");
        assertThatThrownBy(() -> PLAIN.logRotation("1m", 0)).hasMessage("A log needs at least one file, not 0.");
    }

    @Test
    void environmentWhenHandedOutCantBeChanged() {
        assertThatThrownBy(() -> PLAIN.environment().put("A", Value.text("1")))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> PLAIN.aliases().add("x")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> PLAIN.pages().put("x", "y")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void environmentWhenListedStandsAsDeclared() {
        Service service = PLAIN;
        for (String name : List.of("Z", "A", "M", "B", "Q", "C")) {
            service = service.env(name, name);
        }

        assertThat(service.env("A", "again").environment().keySet()).containsExactly("Z", "A", "M", "B", "Q", "C");
    }

    @Test
    void commandWhenTheArrayIsChangedLaterStaysAsItWas() {
        String[] command = {"serve"};
        Service service = PLAIN.command(command);

        command[0] = "changed";

        assertThat(service.command()).containsExactly("serve");
    }

    @Test
    void endpointWhenTheNameIsEmptyIsTheFirst() {
        assertThat(PLAIN.port("grpc", 81).endpoint("").name()).isEqualTo("http");
    }

    @Test
    void endpointWhenItIsUnknownListsThoseThereAre() {
        assertThatThrownBy(() -> PLAIN.port("grpc", 81).endpoint("htpp"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Service 'api' has no endpoint 'htpp'; it has: http, grpc.");
        assertThatThrownBy(() -> PLAIN.address("htpp")).hasMessageContaining("'htpp'");
        assertThatThrownBy(() -> PLAIN.hostPort("htpp", 1)).hasMessageContaining("'htpp'");
    }

    @Test
    void portWhenItIsOutOfRangeSaysWhichEndpoint() {
        for (int port : new int[] {0, -1, 65536}) {
            assertThatThrownBy(() -> PLAIN.port("odd", port))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Port " + port + " of endpoint 'odd' is not between 1 and 65535.");
        }
    }

    @Test
    void hostPortWhenItIsOutOfRangeSaysSo() {
        for (int port : new int[] {0, -1, 65536}) {
            assertThatThrownBy(() -> PLAIN.hostPort(port))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Host port " + port + " is not between 1 and 65535.");
        }
    }

    @Test
    void targetWhenItIsBuiltChangesTheStageAndOtherwiseNothing() {
        Service built = Service.built("api", "src").target("production");

        assertThat(built.source()).isEqualTo(new Source.Build("src", "Dockerfile", "production", Map.of()));
        assertThat(PLAIN.target("production").source()).isEqualTo(PLAIN.source());
    }

    @Test
    void shellAliasWhenThereIsAShellChangesItsAlias() {
        assertThat(PLAIN.shell("api", "sh").shellAlias("a").shell()).contains(new Shell("a", List.of("sh"), Map.of()));
        assertThat(PLAIN.shellAlias("a").shell()).isEmpty();
    }

    @Test
    void providedWhenDeclaredHasTheProbeOfItsOwn() {
        Service provided = Service.provided("db", "PostgreSQLContainer", Object::new);

        assertThat(provided.probe()).contains(new Probe.ItsOwn());
    }

    @Test
    void externalWhenItHasFewerAddressesThanEndpointsTakesTheLast() {
        var external = new Source.External(List.of(new HostAndPort("a", 1), new HostAndPort("b", 2)));

        assertThat(external.address(0)).hasToString("a:1");
        assertThat(external.address(1)).hasToString("b:2");
        assertThat(external.address(5)).hasToString("b:2");
        assertThatThrownBy(() -> PLAIN.external())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("What runs elsewhere needs an address.");
    }

    @Test
    void toStringWhenAServiceHoldsSecretsShowsNone() {
        Service service = PLAIN.env("PASSWORD", Value.secret("hunter2"))
                .probe(new Probe.PostgresLogin("", Value.text("u"), Value.secret("hunter2"), "d"))
                .shell(new Shell("s", List.of("sh"), Map.of("P", Value.secret("hunter2"))));

        assertThat(service).hasToString("Service[api]");
        assertThat(List.of(service.environment(), service.probe(), service.shell())
                        .toString())
                .doesNotContain("hunter2");
    }
}
