package dev.withstack.core.driver.container;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.VolumeMount;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.NetworkAddresses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a service means in the words of the engine's create call.
 *
 * @see <a href="https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerCreate">
 *     the call</a>
 */
final class ContainerSpec {
    private static final double NANO_CPUS = 1e9;

    private final StackDefinition definition;
    private final Service service;

    ContainerSpec(StackDefinition definition, Service service) {
        this.definition = definition;
        this.service = service;
    }

    Map<String, Object> create(ImageUse image) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("Image", image.used());
        spec.put("Labels", Labels.ofContainer(definition, service, image));
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
        spec.put("HostConfig", hostConfig());
        spec.put("NetworkingConfig", Map.of("EndpointsConfig", Map.of(network(), Map.of("Aliases", aliases()))));
        return spec;
    }

    String network() {
        return definition.id().prefix();
    }

    List<String> aliases() {
        List<String> aliases = new ArrayList<>(List.of(service.name()));
        aliases.addAll(service.aliases());
        return aliases;
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
        return ports;
    }

    private Map<String, Object> hostConfig() {
        Map<String, Object> host = new LinkedHashMap<>();
        host.put("NetworkMode", network());
        host.put("PortBindings", portBindings());
        host.put("Mounts", service.volumes().stream().map(this::mount).toList());
        host.put("RestartPolicy", Map.of("Name", restartPolicy()));
        Limits limits = service.limits();
        limits.cpus().ifPresent(cpus -> host.put("NanoCpus", (long) (cpus * NANO_CPUS)));
        limits.memoryBytes().ifPresent(bytes -> {
            host.put("Memory", bytes);
            // without this, as much again may be swapped, and a limit is no limit
            host.put("MemorySwap", bytes);
        });
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
        return bindings;
    }

    private static List<Map<String, String>> binding(String address, String port) {
        return List.of(Map.of("HostIp", address, "HostPort", port));
    }

    private Map<String, Object> mount(VolumeMount volume) {
        return Map.of("Type", "volume", "Source", definition.id().volumeName(volume.volume()), "Target", volume.path());
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
