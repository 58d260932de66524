package dev.withstack.core.plan;

import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Network;
import dev.withstack.core.model.Problem;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.VolumeMount;
import java.util.ArrayList;
import java.util.List;

/** Finds what keeps services from being started as they are declared, before anything is touched. */
final class Obstacles {
    private final StackDefinition definition;
    private final Observed observed;
    private final Comparison comparison;
    private final List<Problem> problems = new ArrayList<>();

    Obstacles(StackDefinition definition, Observed observed, Comparison comparison) {
        this.definition = definition;
        this.observed = observed;
        this.comparison = comparison;
    }

    /** Return what is in the way of these services, all at once. */
    List<Problem> to(List<Service> services) {
        services.forEach(this::checkVolumes);
        services.forEach(this::checkPorts);
        services.forEach(this::checkReach);
        services.forEach(this::checkNetworks);
        return List.copyOf(problems);
    }

    private void checkVolumes(Service service) {
        if (service.source() instanceof Source.External) {
            return;
        }
        String lineage = comparison.imageOf(service).lineage();
        for (VolumeMount mount : service.volumes()) {
            Observed.Volume volume = observed.volumes().get(mount.nameIn(definition.id()));
            if (volume == null) {
                continue;
            }
            if (volume.owner().isEmpty() && !isMounted(service, mount)) {
                problems.add(new Problem(
                        service.name(),
                        "volume '" + volume.name() + "' was not made by withstack.",
                        "Start with --adopt to use it as it is, or rename it to keep it out of the way."));
            } else if (!volume.owner().isEmpty() && !volume.owner().equals(Planner.ownerOf(definition.id()))) {
                problems.add(new Problem(
                        service.name(),
                        "volume '" + volume.name() + "' belongs to " + volume.owner() + ".",
                        "Give this stack's volume another name: two stacks never share one."));
            } else if (!lineage.isEmpty()
                    && !volume.lineage().isEmpty()
                    && !volume.lineage().equals(lineage)) {
                problems.add(new Problem(
                        service.name(),
                        "volume '" + volume.name() + "' was written by " + describe(volume.lineage())
                                + ", and this start would mount it to " + describe(lineage) + " ("
                                + comparison.imageOf(service).used() + ").",
                        "Its data is untouched. Get it across by a dump taken under the old image (set "
                                + service.variable("IMAGE")
                                + "), or begin afresh with: reset " + service.name()));
            }
        }
    }

    /** A volume that the service's own container has mounted was adopted before. */
    private boolean isMounted(Service service, VolumeMount mount) {
        return observed.container(service.name())
                .map(container -> container.fingerprint().parts().containsKey("volume " + mount.volume()))
                .orElse(false);
    }

    private static String describe(String lineage) {
        String[] parts = lineage.split("/");
        String server = parts[0] + (parts.length > 1 && !parts[1].isEmpty() ? " " + parts[1] : "");
        return parts.length > 2 && parts[2].equals("stand-in")
                ? "a stand-in for " + parts[0] + " (" + parts[1] + ")"
                : server;
    }

    private void checkPorts(Service service) {
        if (service.source() instanceof Source.External) {
            // the port is taken by the very thing that is to be used
            return;
        }
        for (Endpoint endpoint : service.endpoints()) {
            if (endpoint.publication() instanceof Endpoint.Fixed fixed
                    && observed.portOwners().containsKey(fixed.hostPort())) {
                problems.add(new Problem(
                        service.name(),
                        "port " + fixed.hostPort() + " is taken by "
                                + observed.portOwners().get(fixed.hostPort()) + ".",
                        "Stop that, set " + service.portVariable(endpoint)
                                + " to another port, or start with --auto-ports."));
            }
        }
    }

    /** A network that is somebody else's is not made here. */
    private void checkNetworks(Service service) {
        for (Network network : definition.declaredNetworks()) {
            String name = network.nameIn(definition.id());
            if (network.kind() == Network.Kind.OUTSIDE
                    && definition.networksOf(service).contains(name)
                    && !observed.networks().contains(name)) {
                problems.add(new Problem(
                        service.name(),
                        "is on the network '" + name + "', which is not the stack's own, and is not there.",
                        "Start what makes it, or make it: docker network create " + name));
            }
        }
    }

    /** Within a container the loopback address is the container itself. */
    private void checkReach(Service service) {
        if (service.source() instanceof Source.External || service.source() instanceof Source.Process) {
            return;
        }
        for (Dependency dependency : service.dependencies()) {
            Service needed = definition.owner(dependency.on()).service(dependency.on());
            if (needed.source() instanceof Source.External external && isLoopback(external)) {
                problems.add(new Problem(
                        service.name(),
                        "can't reach '" + needed.name() + "' at " + external.address(0)
                                + ": inside its container that is the container itself, not this host.",
                        "Name '" + needed.name()
                                + "' by an address of this host that containers reach, leave its URL out"
                                + " to use the stack's own, or run '" + service.name() + "' on this host."));
            }
        }
    }

    private static boolean isLoopback(Source.External external) {
        return external.addresses().stream()
                .map(HostAndPort::host)
                .anyMatch(host -> host.equals("localhost")
                        || host.startsWith("127.")
                        || host.equals("0.0.0.0")
                        || host.equals("::1")
                        || host.equals("[::1]"));
    }
}
