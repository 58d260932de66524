package dev.withstack.core.export;

import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What there is to draw of a stack: its services in the layers in which they start, what each waits for, and whose address
 * it knows without waiting. Immutable and deterministic: layers and edges are in the order of declaration.
 */
public final class Picture {
    private final StackDefinition definition;

    public Picture(StackDefinition definition) {
        this.definition = definition;
    }

    /** Why there is a line between two services. */
    public enum Kind {
        /** The one waits for the other. */
        WAITS,
        /** The one has the address of the other, and does not wait. */
        KNOWS
    }

    /**
     * A line from a service to what it needs or knows.
     *
     * @param label what must hold of the other, where that is not health; empty for a healthy one
     */
    public record Line(String from, String to, Kind kind, String label) {}

    String title() {
        return definition.id().toString();
    }

    /** Return the names of the services, those first that start first. */
    public List<List<String>> layers() {
        List<List<String>> layers = new ArrayList<>();
        definition.base().ifPresent(base -> layers.addAll(base.graph().layers()));
        layers.addAll(definition.graph().layers());
        return layers;
    }

    /** Return all lines. */
    public List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (Service service : definition.servicesWithBase().values()) {
            Set<String> drawn = new LinkedHashSet<>();
            for (Dependency dependency : service.dependencies()) {
                drawn.add(dependency.on());
                lines.add(new Line(service.name(), dependency.on(), Kind.WAITS, label(dependency)));
            }
            for (Value value : service.values().values()) {
                for (Value.Address address : value.addresses()) {
                    if (!address.service().equals(service.name()) && drawn.add(address.service())) {
                        lines.add(new Line(service.name(), address.service(), Kind.KNOWS, ""));
                    }
                }
            }
        }
        return lines;
    }

    private static String label(Dependency dependency) {
        String condition = dependency.condition() == Dependency.Condition.HEALTHY
                ? ""
                : dependency.condition().name().toLowerCase(Locale.ROOT);
        return switch (dependency.need()) {
            case REQUIRED -> condition;
            case OPTIONAL -> (condition + " if started").strip();
        };
    }

    /** Return the networks that the service is on, where the stack declares any. */
    public List<String> networks(String name) {
        StackDefinition owner = definition.owner(name);
        return owner.declaresNetworks() ? owner.networksOf(owner.service(name)) : List.of();
    }

    /** Return what is special about when the service runs; empty for one that starts with the stack and runs on. */
    public String remark(String name) {
        Service service = definition.owner(name).service(name);
        String remark = service.isOneShot() ? "runs once" : "";
        return switch (service.starts()) {
            case WITH_STACK -> remark;
            case ON_REQUEST -> (remark.isEmpty() ? "" : remark + ", ") + "on request";
        };
    }

    /** Return what the service runs from, in a few words. */
    public String source(String name) {
        Source source = definition.owner(name).service(name).source();
        if (source instanceof Source.Image image) {
            return image.reference();
        } else if (source instanceof Source.Build build) {
            return "built from " + build.directory() + "/";
        } else if (source instanceof Source.Provided provided) {
            return provided.type();
        } else if (source instanceof Source.External external) {
            return "runs at " + external.address(0);
        } else if (source instanceof Source.Process process) {
            return process.directory().isEmpty()
                    ? "process of this host"
                    : "process of this host, in " + process.directory() + "/";
        }
        return "runs on this host";
    }

    /** Return how the service is drawn: by its tier, or as something that is not always started here. */
    String kind(String name) {
        Service service = definition.owner(name).service(name);
        if (service.starts() == Service.Starts.ON_REQUEST) {
            return "beside";
        }
        return service.source() instanceof Source.External
                ? "beside"
                : service.tier().name().toLowerCase(Locale.ROOT);
    }

    /** Return the ports of this machine that lead to the service, such as {@code :9000 :9001}; empty for none. */
    String ports(String name) {
        List<String> ports = new ArrayList<>();
        for (Endpoint endpoint : definition.owner(name).service(name).endpoints()) {
            if (endpoint.publication() instanceof Endpoint.Fixed fixed) {
                ports.add(":" + fixed.hostPort());
            }
        }
        return String.join(" ", ports);
    }
}
