package dev.withstack.core.docker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Tell which TCP ports of this host are free, and who holds the others.
 *
 * <p>Of use only when the engine publishes its ports on this host. Keeps no state.
 */
public final class HostPorts {

    private static final int LAST_PORT = 65_535;

    private final ListeningProcesses processes;
    private final boolean linux;

    HostPorts(ListeningProcesses processes, String system) {
        this.processes = processes;
        this.linux = system.equals("Linux");
    }

    /** Look at the host that this runs on. */
    public static HostPorts ofThisHost() {
        String system = System.getProperty("os.name", "");
        ListeningProcesses processes = system.equals("Linux")
                ? new ProcNetListeners(Path.of("/proc"))
                : new LsofListeners(LsofListeners.Lsof.ofThisHost());
        return new HostPorts(processes, system);
    }

    /** Find the processes that listen on a port. */
    interface ListeningProcesses {
        /** Return a process that listens on the port where it gets in the way of the address; empty if none is seen. */
        Optional<PortOwner.Process> listener(InetAddress address, int port);
    }

    /**
     * Tell who keeps a server from listening there; empty if the port is free.
     *
     * @param address the address to listen on: {@code 127.0.0.1}, {@code 0.0.0.0}; empty is all
     * @param containers the running containers of the engine on this host
     */
    public Optional<PortOwner> owner(String address, int port, List<ContainerSummary> containers) {
        InetAddress wanted = parsed(address);
        Optional<PortOwner> container = publisher(wanted, port, containers);
        if (container.isPresent() || bindable(wanted, port)) {
            return container;
        }
        Optional<PortOwner.Process> process = processes.listener(wanted, port);
        return Optional.of(process.isPresent() ? process.get() : new PortOwner.Unknown());
    }

    /** Return the first free port from there on; empty if there is none. */
    public OptionalInt firstFree(String address, int from, List<ContainerSummary> containers) {
        InetAddress wanted = parsed(address);
        for (int port = Math.max(from, 1); port <= LAST_PORT; port++) {
            if (publisher(wanted, port, containers).isEmpty() && bindable(wanted, port)) {
                return OptionalInt.of(port);
            }
        }
        return OptionalInt.empty();
    }

    private static Optional<PortOwner> publisher(InetAddress wanted, int port, List<ContainerSummary> containers) {
        for (ContainerSummary container : containers) {
            for (PublishedPort published : container.ports()) {
                if (published.hostPort() == port
                        && published.protocol().equals("tcp")
                        && overlap(wanted, parsed(published.hostIp()))) {
                    return Optional.of(new PortOwner.Container(container.name(), projectOf(container)));
                }
            }
        }
        return Optional.empty();
    }

    private static String projectOf(ContainerSummary container) {
        String stack = container.labels().get("dev.withstack.stack");
        return stack != null ? stack : container.labels().getOrDefault("com.docker.compose.project", "");
    }

    /** Tell whether two servers, one on each address, would be in each other's way. */
    static boolean overlap(InetAddress one, InetAddress other) {
        return one.isAnyLocalAddress() || other.isAnyLocalAddress() || one.equals(other);
    }

    /** Listen for a moment; outside Linux address reuse would let a server slip in beside one on all addresses. */
    private boolean bindable(InetAddress address, int port) {
        try (ServerSocket server = new ServerSocket()) {
            server.setReuseAddress(linux);
            server.bind(new InetSocketAddress(address, port), 1);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static InetAddress parsed(String address) {
        try {
            return InetAddress.getByName(address.isEmpty() ? "0.0.0.0" : address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "'" + address + "' is not an address of this host; use 127.0.0.1 or 0.0.0.0", e);
        }
    }
}
