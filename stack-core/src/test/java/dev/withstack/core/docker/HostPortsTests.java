package dev.withstack.core.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPortsTests {

    private static final HostPorts.ListeningProcesses NOBODY = (address, port) -> Optional.empty();

    private final HostPorts ports = HostPorts.ofThisHost();

    @TempDir
    Path directory;

    @Test
    void ownerWhenNobodyListensIsEmpty() throws IOException {
        int port;
        try (ServerSocket server = listening("127.0.0.1")) {
            port = server.getLocalPort();
        }

        assertThat(ports.owner("127.0.0.1", port, List.of())).isEmpty();
    }

    @ParameterizedTest
    @EnabledOnOs(OS.LINUX)
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "0.0.0.0, 127.0.0.1",
        "127.0.0.1, 0.0.0.0",
        "127.0.0.1, ''",
        "0.0.0.0, 0.0.0.0",
        "::, 127.0.0.1",
    })
    void ownerWhenAProcessListensNamesIt(String listensOn, String wanted) throws IOException {
        try (ServerSocket server = listening(listensOn)) {
            assertThat(ports.owner(wanted, server.getLocalPort(), List.of()))
                    .get()
                    .isInstanceOfSatisfying(PortOwner.Process.class, process -> {
                        assertThat(process.pid())
                                .isEqualTo(ProcessHandle.current().pid());
                        assertThat(process.command()).contains("java").hasSizeLessThan(110);
                        assertThat(process.description()).startsWith("process " + process.pid() + " (");
                    });
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void ownerWhenAnotherAddressIsTakenIsEmpty() throws IOException {
        try (ServerSocket server = listening("127.0.0.2")) {
            assertThat(ports.owner("127.0.0.1", server.getLocalPort(), List.of()))
                    .isEmpty();
        }
    }

    @Test
    void ownerWhenContainerPublishesItNamesContainerAndProject() throws IOException {
        try (ServerSocket server = listening("127.0.0.1")) {
            List<ContainerSummary> containers = List.of(
                    container("web", "127.0.0.1", server.getLocalPort(), Map.of("com.docker.compose.project", "shop")));

            assertThat(ports.owner("0.0.0.0", server.getLocalPort(), containers))
                    .contains(new PortOwner.Container("web", "shop"))
                    .get()
                    .extracting(PortOwner::description)
                    .isEqualTo("container 'web' of 'shop'");
        }
    }

    @Test
    void ownerWhenContainerHasOurLabelPrefersIt() {
        Map<String, String> labels = Map.of("dev.withstack.stack", "frostbyte", "com.docker.compose.project", "x");

        assertThat(ports.owner("127.0.0.1", 6379, List.of(container("redis", "0.0.0.0", 6379, labels))))
                .contains(new PortOwner.Container("redis", "frostbyte"));
    }

    @Test
    void ownerWhenContainerPublishesOnAnotherAddressIsNotTheContainer() throws IOException {
        int port;
        try (ServerSocket server = listening("127.0.0.1")) {
            port = server.getLocalPort();
        }

        assertThat(ports.owner("127.0.0.1", port, List.of(container("web", "192.0.2.1", port, Map.of()))))
                .isEmpty();
    }

    @Test
    void ownerWhenProcessCanNotBeSeenIsUnknown() throws IOException {
        HostPorts blind = new HostPorts(NOBODY, "Linux");
        try (ServerSocket server = listening("127.0.0.1")) {
            assertThat(blind.owner("127.0.0.1", server.getLocalPort(), List.of()))
                    .contains(new PortOwner.Unknown());
        }
    }

    @Test
    void ownerWhenAddressIsNoneIsRefused() {
        assertThatThrownBy(() -> ports.owner("no such host.", 80, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'no such host.' is not an address of this host; use 127.0.0.1 or 0.0.0.0");
    }

    @Test
    void firstFreeWhenSomeAreTakenSkipsThem() throws IOException {
        try (ServerSocket server = listening("127.0.0.1")) {
            int taken = server.getLocalPort();
            List<ContainerSummary> containers = List.of(container("web", "127.0.0.1", taken + 1, Map.of()));

            assertThat(ports.firstFree("127.0.0.1", taken, containers).orElseThrow())
                    .isGreaterThan(taken + 1);
        }
    }

    @Test
    void listenerWhenProcHasItFollowsTheInodeToTheProcess() throws IOException {
        Path net = Files.createDirectories(directory.resolve("net"));
        Files.writeString(
                net.resolve("tcp"),
                """
                  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0
                   1: 0100007F:1538 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0
                """);
        Path files = Files.createDirectories(directory.resolve("42/fd"));
        Files.createDirectories(directory.resolve("41/fd"));
        Files.createSymbolicLink(directory.resolve("41/fd/3"), Path.of("socket:[4712]"));
        Files.createSymbolicLink(files.resolve("3"), Path.of("socket:[4711]"));
        Files.writeString(directory.resolve("42/cmdline"), "postgres\0-D\0/data\0");
        ProcNetListeners proc = new ProcNetListeners(directory);

        assertThat(proc.listener(InetAddress.getByName("127.0.0.1"), 0x1538))
                .contains(new PortOwner.Process(42, "postgres -D /data"));
        assertThat(proc.listener(InetAddress.getByName("192.0.2.1"), 0x1538)).isEmpty();
        assertThat(proc.listener(InetAddress.getByName("127.0.0.1"), 0x1539)).isEmpty();
    }

    @Test
    void listenerWhenLsofPrintsItTakesTheOneInTheWay() throws IOException {
        LsofListeners lsof = new LsofListeners(arguments -> {
            assertThat(arguments).containsExactly("-nP", "-iTCP:5433", "-sTCP:LISTEN", "-Fpcn");
            return "p10\ncother\nf5\nn[::1]:5433\np11\ncpostgres\nf6\nn127.0.0.1:5433\nf7\nn*:5433\n";
        });

        assertThat(lsof.listener(InetAddress.getByName("127.0.0.1"), 5433))
                .contains(new PortOwner.Process(11, "postgres"));
    }

    @Test
    void listenerWhenLsofPrintsNothingIsEmpty() throws IOException {
        assertThat(new LsofListeners(arguments -> "").listener(InetAddress.getByName("127.0.0.1"), 5433))
                .isEmpty();
    }

    private static ServerSocket listening(String address) throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        return server;
    }

    private static ContainerSummary container(String name, String hostIp, int port, Map<String, String> labels) {
        return new ContainerSummary(
                "id-" + name,
                name,
                "image",
                "sha256:1",
                labels,
                ContainerState.RUNNING,
                ContainerHealth.NONE,
                "Up",
                List.of(new PublishedPort(hostIp, port, 80, "tcp")),
                List.of(),
                Instant.EPOCH);
    }
}
