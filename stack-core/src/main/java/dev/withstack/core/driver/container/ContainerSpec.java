package dev.withstack.core.driver.container;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Hardening;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.LogRotation;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.InitialData;
import dev.withstack.core.plan.NetworkAddresses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a service means in the words of the engine's create call.
 *
 * @see <a href="https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerCreate">
 *     the call</a>
 */
final class ContainerSpec {
    static final String LOG_DRIVER = "json-file";
    static final String NO_NEW_PRIVILEGES = "no-new-privileges";

    private static final double NANO_CPUS = 1e9;

    private final StackDefinition definition;
    private final Service service;
    private final ImageUse image;
    private final Optional<InitialData> initial;

    ContainerSpec(StackDefinition definition, Service service, ImageUse image) {
        this(definition, service, image, Optional.empty());
    }

    /** @param initial what the volume begins with that the container is given */
    ContainerSpec(StackDefinition definition, Service service, ImageUse image, Optional<InitialData> initial) {
        this.definition = definition;
        this.service = service;
        this.image = image;
        this.initial = initial;
    }

    /** Return what the container is given once it is created. */
    Outfit outfit() {
        return new Outfit(definition, service, image);
    }

    Map<String, Object> create() {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("Image", image.used());
        Map<String, String> labels = new LinkedHashMap<>(service.setup().labels());
        labels.putAll(Labels.ofContainer(definition, service, image));
        spec.put("Labels", labels);
        spec.put("Env", environment());
        spec.put("ExposedPorts", exposedPorts());
        spec.put("StopTimeout", service.stopPolicy().grace().toSeconds());
        if (!service.command().isEmpty()) {
            spec.put("Cmd", service.command());
        }
        if (!service.stopPolicy().signal().isEmpty()) {
            spec.put("StopSignal", service.stopPolicy().signal());
        }
        service.containerCheck().ifPresent(check -> spec.put("Healthcheck", healthcheck(check)));
        if (!service.hardening().user().isEmpty()) {
            spec.put("User", service.hardening().user());
        }
        Map<String, Object> host = hostConfig();
        spec.put("HostConfig", host);
        new SetupSpec(service.setup(), definition.id()).addTo(spec, host);
        outfit().network().ifPresent(network -> spec.put("NetworkingConfig", Map.of("EndpointsConfig", network)));
        return spec;
    }

    /** Return the same for a container that is no part of the stack: on no network, and under these labels. */
    Map<String, Object> createAlone(Map<String, String> labels) {
        Map<String, Object> host = hostConfig();
        host.put("NetworkMode", "none");
        host.put("PortBindings", Map.of());
        Map<String, Object> spec = create();
        spec.put("Labels", labels);
        spec.put("HostConfig", host);
        spec.put("NetworkingConfig", Map.of());
        return spec;
    }

    /** Return the network that it is created on. */
    String network() {
        return definition.networksOf(service).get(0);
    }

    List<String> aliases() {
        return Outfit.aliases(service);
    }

    List<String> environment() {
        NetworkAddresses addresses = new NetworkAddresses(definition);
        List<String> variables = new ArrayList<>();
        service.environment().forEach((name, value) -> variables.add(name + "=" + value.resolve(addresses)));
        return variables;
    }

    private Map<String, Object> exposedPorts() {
        Map<String, Object> ports = new LinkedHashMap<>();
        service.endpoints().forEach(endpoint -> ports.put(endpoint.port() + "/tcp", Map.of()));
        service.setup().datagrams().forEach(port -> ports.put(port.port() + "/udp", Map.of()));
        return ports;
    }

    private Map<String, Object> hostConfig() {
        Map<String, Object> host = new LinkedHashMap<>();
        outfit().network()
                .ifPresent(network ->
                        host.put("NetworkMode", network.keySet().iterator().next()));
        host.put("PortBindings", portBindings());
        host.put("Mounts", mounts());
        host.put("RestartPolicy", Map.of("Name", restartPolicy()));
        Limits limits = service.limits();
        limits.cpus().ifPresent(cpus -> host.put("NanoCpus", (long) (cpus * NANO_CPUS)));
        limits.memoryBytes().ifPresent(bytes -> {
            host.put("Memory", bytes);
            // without this, as much again may be swapped, and a limit is no limit
            host.put("MemorySwap", bytes);
        });
        limits.reservedMemoryBytes().ifPresent(bytes -> host.put("MemoryReservation", bytes));
        limits.reservedCpus().ifPresent(cpus -> host.put("CpuShares", cpuShares(cpus)));
        limits.pids().ifPresent(pids -> host.put("PidsLimit", pids));
        service.logRotation().ifPresent(rotation -> host.put("LogConfig", logConfig(rotation)));
        harden(host, service.hardening());
        return host;
    }

    private Map<String, Object> portBindings() {
        Map<String, Object> bindings = new LinkedHashMap<>();
        for (Endpoint endpoint : service.endpoints()) {
            if (endpoint.publication() instanceof Endpoint.Fixed fixed) {
                bindings.put(
                        endpoint.port() + "/tcp", binding(fixed.bindAddress(), Integer.toString(fixed.hostPort())));
            } else if (endpoint.publication() instanceof Endpoint.AnyFree free) {
                bindings.put(endpoint.port() + "/tcp", binding(free.bindAddress(), ""));
            }
        }
        service.setup()
                .datagrams()
                .forEach(port -> bindings.put(
                        port.port() + "/udp",
                        binding(port.bindAddress(), port.hostPort() == 0 ? "" : Integer.toString(port.hostPort()))));
        return bindings;
    }

    private static List<Map<String, String>> binding(String address, String port) {
        return List.of(Map.of("HostIp", address, "HostPort", port));
    }

    /** Return a reserved share as the engine weighs it: one CPU has 1024 parts. */
    static int cpuShares(double cpus) {
        return Math.max(2, (int) (cpus * 1024));
    }

    private static Map<String, Object> logConfig(LogRotation rotation) {
        return Map.of("Type", LOG_DRIVER, "Config", logOptions(rotation));
    }

    static Map<String, String> logOptions(LogRotation rotation) {
        return Map.of("max-size", rotation.size(), "max-file", Integer.toString(rotation.files()));
    }

    private static void harden(Map<String, Object> host, Hardening hardening) {
        host.put("ReadonlyRootfs", hardening.root() == Hardening.Root.READ_ONLY);
        Map<String, String> tmpfs = new LinkedHashMap<>();
        hardening.tmpfs().forEach(path -> tmpfs.put(path, ""));
        host.put("Tmpfs", tmpfs);
        host.put("CapDrop", hardening.dropped());
        host.put("CapAdd", hardening.added());
        if (hardening.privileges() == Hardening.Privileges.FIXED) {
            host.put("SecurityOpt", List.of(NO_NEW_PRIVILEGES));
        }
    }

    private List<Map<String, Object>> mounts() {
        List<Map<String, Object>> mounts = new ArrayList<>();
        Map<String, String> volumes = new LinkedHashMap<>();
        service.volumes().forEach(volume -> volumes.put(volume.path(), volume.nameIn(definition.id())));
        initial.ifPresent(data -> volumes.put(data.path(), data.volume()));
        volumes.forEach((path, volume) -> mounts.add(mount(path, volume)));
        outfit().volumes().forEach(path -> mounts.add(Map.of("Type", "volume", "Target", path)));
        for (FileMount file : service.files()) {
            if (file instanceof FileMount.Bound bound) {
                mounts.add(Map.of(
                        "Type",
                        "bind",
                        "Source",
                        bound.source(),
                        "Target",
                        bound.path(),
                        "ReadOnly",
                        bound.access() == FileMount.Access.READ_ONLY));
            }
        }
        return mounts;
    }

    private Map<String, Object> mount(String path, String volume) {
        Map<String, Object> mount = new LinkedHashMap<>();
        mount.put("Type", "volume");
        mount.put("Source", volume);
        mount.put("Target", path);
        boolean isOnlyRead = service.volumes().stream()
                .anyMatch(declared -> declared.isReadOnly() && declared.path().equals(path));
        if (isOnlyRead) {
            mount.put("ReadOnly", true);
        }
        return mount;
    }

    private String restartPolicy() {
        return switch (service.restartPolicy()) {
            case NEVER -> "no";
            case ON_FAILURE -> "on-failure";
            case UNLESS_STOPPED -> "unless-stopped";
        };
    }

    private static Map<String, Object> healthcheck(ContainerCheck check) {
        List<String> test = new ArrayList<>(List.of(check.command().size() == 1 ? "CMD-SHELL" : "CMD"));
        test.addAll(check.command());
        return Map.of(
                "Test", test,
                "Interval", check.interval().toNanos(),
                "Timeout", check.timeout().toNanos(),
                "Retries", check.retries(),
                "StartPeriod", check.startPeriod().toNanos());
    }
}
