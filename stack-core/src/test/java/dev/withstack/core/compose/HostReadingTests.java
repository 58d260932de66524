package dev.withstack.core.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Dependency.Condition;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Network;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Setup;
import dev.withstack.core.model.Setup.DeviceRequest;
import dev.withstack.core.model.Setup.Namespace;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What services share with the host and with each other, and what is said of their networks. */
class HostReadingTests {
    @TempDir
    Path directory;

    private StackDefinition read(String text) throws IOException {
        return read(text, Environment.DEV);
    }

    private StackDefinition read(String text, Environment environment) throws IOException {
        Path file = Files.writeString(directory.resolve("compose.yaml"), text);
        Settings settings = Settings.none(environment);
        return Profiles.load(ComposeFile.of(List.of(file), settings), settings);
    }

    @Test
    void serviceWhenItHasTheNetworkOfTheHostIsOnNoneOfTheStack() throws IOException {
        StackDefinition stack = read(
                """
                services:
                  it: {image: it, network_mode: host, ports: ["80:80"]}
                  other: {image: other}
                """);

        Service it = stack.service("it");
        assertThat(it.setup().joined()).containsExactly(java.util.Map.entry(Namespace.NETWORK, "host"));
        assertThat(it.endpoints()).isEmpty();
        assertThat(stack.networksOf(it)).isEmpty();
        assertThat(stack.networksOf(stack.service("other"))).hasSize(1);
    }

    @Test
    void serviceWhenItHasTheNetworkOfAnotherStartsAfterItAndAgainWithIt() throws IOException {
        StackDefinition stack = read(
                """
                services:
                  tunnel_end: {image: tunnel, ports: ["80:80"]}
                  it: {image: it, network_mode: "service:tunnel_end"}
                """);

        assertThat(stack.service("it").setup().joined()).containsEntry(Namespace.NETWORK, "service:tunnel-end");
        assertThat(stack.service("it").dependencies())
                .containsExactly(Dependency.together(new Dependency("tunnel-end", Condition.STARTED)));
    }

    @Test
    void serviceWhenItWantsGpusHasThemAskedForInEitherWay() throws IOException {
        StackDefinition stack = read(
                """
                services:
                  all: {image: it, gpus: all, runtime: nvidia}
                  two:
                    image: it
                    deploy: {resources: {reservations: {devices: [{driver: nvidia, count: 2, capabilities: [gpu, utility]}]}}}
                  named: {image: it, gpus: [{device_ids: ["0"], options: {depth: 2}}]}
                """);

        assertThat(stack.service("all").setup())
                .isEqualTo(Setup.NONE
                        .request(new DeviceRequest("", DeviceRequest.ALL, List.of(), List.of("gpu"), Map.of()))
                        .runtime("nvidia"));
        assertThat(stack.service("two").setup().requests())
                .containsExactly(new DeviceRequest("nvidia", 2, List.of(), List.of("gpu", "utility"), Map.of()));
        assertThat(stack.service("named").setup().requests())
                .containsExactly(new DeviceRequest("", 0, List.of("0"), List.of("gpu"), Map.of("depth", "2")));
    }

    @Test
    void serviceWhenItHasTheVolumesOfAnotherStartsAfterIt() throws IOException {
        StackDefinition stack = read(
                """
                services:
                  data_only: {image: data}
                  it: {image: it, volumes_from: ["data_only:ro", "container:corpus"]}
                """);

        assertThat(stack.service("it").setup().volumesFrom())
                .containsExactly("service:data-only:ro", "container:corpus");
        assertThat(stack.service("it").dependencies())
                .containsExactly(Dependency.together(new Dependency("data-only", Condition.STARTED)));
        assertThatThrownBy(() -> read("services: {it: {image: it, volumes_from: [nobody]}}"))
                .hasMessageContaining("compose.yaml:1:28: 'it' shares with 'nobody', which the file does not have.");
    }

    @Test
    void serviceWhenItIsInTheNetworkOfAContainerOfNobodysKeepsIt() throws IOException {
        StackDefinition stack = read("services: {it: {image: it, network_mode: 'container:vpn'}}");

        assertThat(stack.service("it").setup().joined()).containsExactly(Map.entry(Namespace.NETWORK, "container:vpn"));
        assertThat(stack.service("it").dependencies()).isEmpty();
    }

    @Test
    void serviceWhenItSharesMoreKeepsIt() throws IOException {
        Service it =
                read("""
                        services:
                          it:
                            image: it
                            pid: host
                            ipc: shareable
                            uts: host
                            userns_mode: host
                            dns: 10.0.0.1
                            dns_search: [example.org]
                            dns_opt: [use-vc]
                            devices: [/dev/null, "/dev/zero:/dev/nothing:r"]
                        """)
                        .service("it");

        assertThat(it.setup())
                .isEqualTo(Setup.NONE
                        .joins(Namespace.PROCESSES, "host")
                        .joins(Namespace.IPC, "shareable")
                        .joins(Namespace.HOST_NAME, "host")
                        .joins(Namespace.USERS, "host")
                        .lookup(new Setup.Lookup(List.of("10.0.0.1"), List.of("example.org"), List.of("use-vc")))
                        .device(new Setup.Device("/dev/null", "/dev/null", "rwm"))
                        .device(new Setup.Device("/dev/zero", "/dev/nothing", "r")));
    }

    private static final String NETWORKS =
            """
            services:
              it:
                image: it
                networks:
                  back: {ipv4_address: 10.9.0.5}
                  proxy:
            networks:
              back:
                internal: true
                ipam: {config: [{subnet: 10.9.0.0/24}]}
              proxy: {external: true, name: Everybodys}
            """;

    @Test
    void networkWhenMuchIsSaidOfItKeepsIt() throws IOException {
        StackDefinition stack = read(NETWORKS);

        assertThat(stack.declaredNetworks())
                .containsExactly(
                        new Network("back", "", Network.Kind.INTERNAL, List.of("10.9.0.0/24")),
                        new Network("proxy", "Everybodys", Network.Kind.OUTSIDE, List.of()));
        assertThat(stack.networks()).containsExactly(stack.id().prefix() + "-back", "Everybodys");
        assertThat(stack.service("it").setup().addresses()).containsExactly(java.util.Map.entry("back", "10.9.0.5"));
    }

    @Test
    void networkWhenItIsSomebodyElsesIsOneOfTheRunsOwnUnderTest() throws IOException {
        assertThat(read(NETWORKS, Environment.TEST).declaredNetworks().get(1).kind())
                .isEqualTo(Network.Kind.OPEN);
    }

    @Test
    void serviceWhenWhatItSharesCantBeIsRefused() {
        assertThatThrownBy(
                        () -> read(
                                """
                                services:
                                  a: {image: a, network_mode: "service:nobody"}
                                  b: {image: b, pid: mine}
                                  c: {image: c, network_mode: host, networks: [n]}
                                networks: {n: }
                                """))
                .hasMessageContainingAll(
                        "compose.yaml:2:17: 'a' shares with 'nobody', which the file does not have. Name one of: a, b, c.",
                        "compose.yaml:3:17: 'mine' can't be shared with 'b'. Write host, service:NAME or container:NAME.",
                        "compose.yaml:4:37: 'c' has 'network_mode', and so is on no networks. Keep one of the two.");
    }
}
