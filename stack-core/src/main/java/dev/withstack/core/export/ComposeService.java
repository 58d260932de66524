package dev.withstack.core.export;

import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Hardening;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.Network;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StopPolicy;
import dev.withstack.core.model.Value;
import dev.withstack.core.plan.NetworkAddresses;
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
    private final SecretNames secrets;
    private final List<Export.Loss> losses;
    private final AddressBook addresses;
    private final Map<String, Object> configs = new LinkedHashMap<>();
    private final Map<String, Export.File> files = new LinkedHashMap<>();
    private final Map<String, Object> tree = new LinkedHashMap<>();

    ComposeService(
            StackDefinition definition,
            Service service,
            SourceTree sources,
            SecretNames secrets,
            List<Export.Loss> losses) {
        this.definition = definition;
        this.service = service;
        this.sources = sources;
        this.secrets = secrets;
        this.losses = losses;
        this.addresses = new NetworkAddresses(definition);
    }

    Map<String, Object> tree() {
        putSource();
        put("command", service.command().stream().map(this::word).toList());
        if (service.starts() == Service.Starts.ON_REQUEST) {
            tree.put("profiles", List.of(service.name()));
        }
        put("depends_on", dependencies());
        put("environment", environment());
        put("ports", ports());
        put("networks", networks());
        putFiles();
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

    /** Return the files whose content stands in {@code compose.yaml}, as it refers to secrets. */
    Map<String, Object> configs() {
        return configs;
    }

    /** Return the files that stand beside it. */
    Map<String, Export.File> files() {
        return files;
    }

    private void putSource() {
        if (service.source() instanceof Source.Image image) {
            tree.put("image", image.reference());
        } else if (service.source() instanceof Source.Build build) {
            Map<String, Object> how = new LinkedHashMap<>();
            how.put("context", sources.reference(build.directory()));
            if (!build.dockerfile().equals("Dockerfile")) {
                how.put("dockerfile", build.dockerfile());
            }
            // a stage is a wish: a Dockerfile of the user's own may well have none
            if (sources.hasStage(build.directory() + "/" + build.dockerfile(), build.target())) {
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

    private static boolean isWritten(Service other) {
        return other.source() instanceof Source.Image || other.source() instanceof Source.Build;
    }

    private String condition(Dependency dependency, Service other) {
        return switch (dependency.condition()) {
            case STARTED -> "service_started";
            case COMPLETED -> "service_completed_successfully";
            case HEALTHY -> {
                if (other.containerCheck().isPresent()) {
                    yield "service_healthy";
                }
                losses.add(new Export.Loss(
                        service.name(),
                        "waits until '" + other.name() + "' is started, not until it is healthy: its image has no means"
                                + " for a health check."));
                yield "service_started";
            }
        };
    }

    private Map<String, Object> environment() {
        Map<String, Object> environment = new LinkedHashMap<>();
        service.environment().forEach((name, value) -> environment.put(name, text(value, name)));
        return environment;
    }

    /** Return the value as Compose reads it: secrets by reference. */
    private String text(Value value, String place) {
        StringBuilder text = new StringBuilder();
        value.visit(part -> text.append(
                part instanceof Value.Secret secret
                        ? "${" + secrets.of(secret.text(), service.declaredName(), place) + "}"
                        : literal(part.resolve(addresses))));
        return text.toString();
    }

    /** A word of a command may hold a secret that the service is given besides. */
    private String word(String text) {
        return text(Value.hiding(text, service.secrets()), "command");
    }

    static String literal(String text) {
        return text.replace("$", "$$");
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

    private void putFiles() {
        List<String> mounts = new ArrayList<>();
        service.volumes()
                .forEach(volume ->
                        mounts.add(volume.volume() + ":" + volume.path() + (volume.isReadOnly() ? ":ro" : "")));
        List<Object> given = new ArrayList<>();
        for (FileMount file : service.files()) {
            if (file instanceof FileMount.Bound bound) {
                mounts.add(bind(bound.source(), bound.path(), bound.access()));
            } else if (file instanceof FileMount.Copied copied) {
                mounts.add(bind(copied.source(), copied.path(), FileMount.Access.READ_ONLY));
            } else if (file instanceof FileMount.Generated generated) {
                write(generated, mounts, given);
            } else if (file instanceof FileMount.FromProject own && sources.has(own.source())) {
                mounts.add(bind(own.source(), own.path(), FileMount.Access.READ_ONLY));
            } else if (file instanceof FileMount.FromProject own) {
                own.otherwise().forEach(generated -> write(generated, mounts, given));
                if (own.otherwise().isEmpty()) {
                    losses.add(new Export.Loss(
                            service.name(), "gets '" + own.source() + "' of the project, which is not there."));
                }
            }
        }
        put("volumes", mounts);
        put("configs", given);
    }

    private String bind(String source, String path, FileMount.Access access) {
        return sources.reference(source) + ":" + path + (access == FileMount.Access.READ_ONLY ? ":ro" : "");
    }

    /** What refers to secrets stands in {@code compose.yaml}, which is given them; everything else is a file beside it. */
    private void write(FileMount.Generated generated, List<String> mounts, List<Object> given) {
        Value content = generated.content("");
        if (hasSecret(content)) {
            String name = service.name() + generated.path().replaceAll("[^A-Za-z0-9]+", "-");
            configs.put(name, Trees.mapOf("content", text(content, name)));
            given.add(Trees.mapOf("source", name, "target", generated.path()));
            return;
        }
        String text = content.resolve(addresses);
        String file = "files/" + service.name() + generated.path();
        files.put(
                file,
                new Export.File(
                        text, text.startsWith("#!") ? Export.Readers.EVERYBODY_RUNS : Export.Readers.EVERYBODY));
        mounts.add("./" + file + ":" + generated.path() + ":ro");
    }

    private static boolean hasSecret(Value value) {
        List<Value> secret = new ArrayList<>();
        value.visit(part -> {
            if (part instanceof Value.Secret) {
                secret.add(part);
            }
        });
        return !secret.isEmpty();
    }

    private static Map<String, Object> healthcheck(ContainerCheck check) {
        List<String> test = new ArrayList<>(List.of(check.command().size() == 1 ? "CMD-SHELL" : "CMD"));
        check.command().forEach(word -> test.add(literal(word)));
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
