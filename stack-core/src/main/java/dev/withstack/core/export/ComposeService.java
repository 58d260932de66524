package dev.withstack.core.export;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Hardening;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.Network;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StopPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One container in the words of the Compose specification. Used by one thread. */
final class ComposeService {
    private final StackDefinition definition;
    private final Service service;
    private final SourceTree sources;
    private final ComposeText text;
    private final Map<String, Object> tree = new LinkedHashMap<>();

    ComposeService(Draft draft, Service service) {
        this.definition = draft.definition();
        this.service = service;
        this.sources = draft.sources();
        this.text = new ComposeText(draft, service);
    }

    /** @param files the keys that give it its volumes and files */
    Map<String, Object> tree(Map<String, Object> files) {
        putSource();
        put("command", service.command().stream().map(text::word).toList());
        if (service.starts() == Service.Starts.ON_REQUEST) {
            tree.put("profiles", List.of(service.name()));
        }
        put("depends_on", dependencies());
        put("environment", environment());
        put("ports", ports());
        put("networks", networks());
        tree.putAll(files);
        service.containerCheck().ifPresent(check -> tree.put("healthcheck", healthcheck(check)));
        tree.put("restart", restart());
        putStop(service.stopPolicy());
        tree.putAll(ComposeSetup.of(service.setup()));
        putHardening(service.hardening());
        putLimits(service.limits());
        service.logRotation()
                .ifPresent(rotation -> tree.put(
                        "logging",
                        Trees.mapOf(
                                "driver",
                                "json-file",
                                "options",
                                Trees.mapOf(
                                        "max-size", rotation.size(), "max-file", Integer.toString(rotation.files())))));
        return tree;
    }

    private void putSource() {
        if (service.source() instanceof Source.Image image) {
            tree.put("image", image.reference());
        } else if (service.source() instanceof Source.Build build) {
            Map<String, Object> how = new LinkedHashMap<>();
            how.put("context", sources.reference(build.directory()));
            if (!build.inline().isEmpty()) {
                how.put("dockerfile_inline", ComposeText.literal(build.inline()));
            } else if (!build.dockerfile().equals("Dockerfile")) {
                how.put("dockerfile", build.dockerfile());
            }
            // a stage is a wish: a Dockerfile of the user's own may well have none
            if (sources.hasStage(build)) {
                how.put("target", build.target());
            }
            if (!build.arguments().isEmpty()) {
                how.put("args", build.arguments());
            }
            tree.put("build", how);
        }
    }

    private Map<String, Object> dependencies() {
        Map<String, Object> dependencies = new LinkedHashMap<>();
        for (Dependency dependency : service.dependencies()) {
            Service other = definition.services().get(dependency.on());
            if (other != null && isWritten(other)) {
                Map<String, Object> how = new LinkedHashMap<>();
                how.put("condition", condition(dependency, other));
                if (dependency.need() == Dependency.Need.OPTIONAL || other.starts() == Service.Starts.ON_REQUEST) {
                    how.put("required", false);
                }
                if (dependency.restart() == Dependency.Restart.TOGETHER) {
                    how.put("restart", true);
                }
                dependencies.put(other.name(), how);
            }
        }
        return dependencies;
    }

    static boolean isWritten(Service other) {
        return other.source() instanceof Source.Image || other.source() instanceof Source.Build;
    }

    private static String condition(Dependency dependency, Service other) {
        return switch (dependency.condition()) {
            case STARTED -> "service_started";
            case COMPLETED -> "service_completed_successfully";
            case HEALTHY -> isHealthUnknown(dependency, other) ? "service_started" : "service_healthy";
        };
    }

    /** Tell whether it is to be waited for until the other is healthy, of which Compose hears nothing. */
    static boolean isHealthUnknown(Dependency dependency, Service other) {
        return dependency.condition() == Dependency.Condition.HEALTHY
                && other.containerCheck().isEmpty()
                && !(other.probe().orElse(null) instanceof Probe.OfImage);
    }

    private Map<String, Object> environment() {
        Map<String, Object> environment = new LinkedHashMap<>();
        service.environment().forEach((name, value) -> environment.put(name, text.of(value, name)));
        return environment;
    }

    private List<Object> ports() {
        List<Object> ports = new ArrayList<>();
        for (Endpoint endpoint : service.endpoints()) {
            if (endpoint.publication() instanceof Endpoint.Fixed fixed) {
                ports.add(fixed.bindAddress() + ":" + fixed.hostPort() + ":" + endpoint.port());
            } else if (endpoint.publication() instanceof Endpoint.AnyFree free) {
                ports.add(free.bindAddress() + "::" + endpoint.port());
            }
        }
        ports.addAll(ComposeSetup.ports(service.setup()));
        return ports;
    }

    private Map<String, Object> networks() {
        Map<String, Object> networks = new LinkedHashMap<>();
        List<String> aliases = List.copyOf(service.aliases());
        Map<String, Object> known = aliases.isEmpty() ? Map.of() : Map.of("aliases", aliases);
        if (!service.setup().isOnNetworks()) {
            return networks;
        }
        if (definition.declaresNetworks()) {
            definition.declaredNetworks().stream()
                    .filter(network ->
                            service.networks().isEmpty() || service.networks().contains(network.name()))
                    .forEach(network -> networks.put(network.name(), known(known, network)));
        } else if (!aliases.isEmpty() || definition.base().isPresent()) {
            networks.put("default", known);
        }
        if (definition.base().isPresent()) {
            networks.put(ComposeExport.OF_BASE, Map.of("aliases", List.of(definition.nameOnBase(service.name()))));
        }
        return networks;
    }

    private Map<String, Object> known(Map<String, Object> names, Network network) {
        String address = service.setup().addresses().get(network.name());
        if (address == null) {
            return names;
        }
        Map<String, Object> known = new LinkedHashMap<>(names);
        known.put("ipv4_address", address);
        return known;
    }

    private static Map<String, Object> healthcheck(ContainerCheck check) {
        List<String> test = new ArrayList<>(List.of(check.command().size() == 1 ? "CMD-SHELL" : "CMD"));
        check.command().forEach(word -> test.add(ComposeText.literal(word)));
        return Trees.mapOf(
                "test", test,
                "interval", duration(check.interval()),
                "timeout", duration(check.timeout()),
                "retries", check.retries(),
                "start_period", duration(check.startPeriod()));
    }

    private static String duration(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    private String restart() {
        if (service.isOneShot()) {
            return "no";
        }
        return switch (service.restartPolicy()) {
            case NEVER -> "no";
            case ON_FAILURE -> "on-failure";
            case UNLESS_STOPPED -> "unless-stopped";
        };
    }

    private void putStop(StopPolicy stop) {
        if (!stop.grace().equals(StopPolicy.DEFAULT.grace())) {
            tree.put("stop_grace_period", duration(stop.grace()));
        }
        if (!stop.signal().isEmpty()) {
            tree.put("stop_signal", stop.signal());
        }
    }

    private void putHardening(Hardening hardening) {
        if (!hardening.user().isEmpty()) {
            tree.put("user", hardening.user());
        }
        if (hardening.root() == Hardening.Root.READ_ONLY) {
            tree.put("read_only", true);
        }
        put("tmpfs", hardening.tmpfs());
        put("cap_drop", hardening.dropped());
        put("cap_add", hardening.added());
        if (hardening.privileges() == Hardening.Privileges.FIXED) {
            List<String> options = new ArrayList<>(List.of("no-new-privileges:true"));
            options.addAll(service.setup().securityOptions());
            tree.put("security_opt", options);
        }
    }

    private void putLimits(Limits limits) {
        Map<String, Object> most = new LinkedHashMap<>();
        limits.cpus().ifPresent(cpus -> most.put("cpus", cpus.toString()));
        limits.memoryBytes().ifPresent(bytes -> most.put("memory", size(bytes)));
        limits.pids().ifPresent(pids -> most.put("pids", pids));
        Map<String, Object> kept = new LinkedHashMap<>();
        limits.reservedCpus().ifPresent(cpus -> kept.put("cpus", cpus.toString()));
        limits.reservedMemoryBytes().ifPresent(bytes -> kept.put("memory", size(bytes)));
        Trees.put(kept, "devices", ComposeSetup.requests(service.setup()));
        Map<String, Object> resources = new LinkedHashMap<>();
        if (!most.isEmpty()) {
            resources.put("limits", most);
        }
        if (!kept.isEmpty()) {
            resources.put("reservations", kept);
        }
        if (!resources.isEmpty()) {
            tree.put("deploy", Trees.mapOf("resources", resources));
        }
        // without this, as much again may be swapped, and a limit is no limit
        limits.memoryBytes().ifPresent(bytes -> tree.put("memswap_limit", size(bytes)));
    }

    static String size(long bytes) {
        long mega = bytes >> 20;
        return mega << 20 == bytes ? mega + "m" : bytes + "b";
    }

    private void put(String name, List<?> part) {
        Trees.put(tree, name, part);
    }

    private void put(String name, Map<String, Object> part) {
        Trees.put(tree, name, part);
    }
}
