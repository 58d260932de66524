package dev.withstack.core.driver.container;

import dev.withstack.core.docker.ContainerSummary;
import dev.withstack.core.docker.HostPorts;
import dev.withstack.core.docker.PortOwner;
import dev.withstack.core.model.Endpoint;
import java.util.List;
import java.util.Optional;

/** Finds out who holds a host port, where the engine's host is this one. */
final class PortWatch {
    private final Reach reach;
    private final HostPorts ports = HostPorts.ofThisHost();

    PortWatch(Reach reach) {
        this.reach = reach;
    }

    /** Return who holds the port, in words; empty if it is free, or if the host is not ours to look at. */
    Optional<String> owner(Endpoint.Fixed wanted, List<ContainerSummary> containers) {
        return reach.isLocal()
                ? ports.owner(wanted.bindAddress(), wanted.hostPort(), containers)
                        .map(PortOwner::description)
                : Optional.empty();
    }

    /** Return the first free port from there on, or that port itself where the host is not ours to look at. */
    int free(int from, List<ContainerSummary> containers) {
        return reach.isLocal()
                ? ports.firstFree(Endpoint.LOOPBACK, from, containers).orElse(from)
                : from;
    }
}
