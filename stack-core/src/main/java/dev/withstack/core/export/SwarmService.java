package dev.withstack.core.export;

import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Replicas;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Setup;
import dev.withstack.core.model.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One service as a swarm takes it: what Compose is told, less what a swarm does not do, and deployed. Used by one thread. */
final class SwarmService {
    private static final String EVERYWHERE = "0.0.0.0";

    /** What is said otherwise, or by the stack, or lost and said to be. */
    private static final List<String> NOT_TAKEN = List.of(
            "build",
            "depends_on",
            "profiles",
            "restart",
            "memswap_limit",
            "security_opt",
            "privileged",
            "shm_size",
            "group_add",
            "tmpfs",
            "network_mode",
            "pid",
            "ipc",
            "uts",
            "userns_mode",
            "devices",
            "dns_opt",
            "volumes_from",
            "runtime");

    private final Draft draft;
    private final Service service;
    private final Map<String, Object> tree;

    SwarmService(Draft draft, Service service) {
        this.draft = draft;
        this.service = service;
        this.tree = new LinkedHashMap<>();
    }

    /** @param files the keys that give it its volumes and files */
    Map<String, Object> tree(Map<String, Object> files) {
        tree.putAll(new ComposeService(draft, service).tree(files));
        lose();
        NOT_TAKEN.forEach(tree::remove);
        if (service.source() instanceof Source.Build build) {
            BuiltImage image = BuiltImage.of(draft.definition(), service, build);
            tree.put("image", image.name());
            lose(image.toDo() + "name the registry.");
        }
        if (!service.setup().addresses().isEmpty()) {
            tree.put("networks", withoutAddresses((Map<?, ?>) tree.getOrDefault("networks", Map.of())));
        }
        putPorts();
        tree.put("deploy", deploy());
        return tree;
    }

    private void lose(String what) {
        draft.lose(service.name(), what);
    }

    private void lose() {
        Setup setup = service.setup();
        if (tree.containsKey("security_opt")) {
            lose("may gain privileges and has no options of security: a swarm takes none.");
        }
        if (setup.features().contains(Setup.Feature.PRIVILEGED)) {
            lose("has not all privileges: a swarm gives none.");
        }
        List<String> lost = setup.partsOfOneHost();
        setup.sharedMemoryBytes().ifPresent(bytes -> lost.add("shared memory of " + ComposeService.size(bytes)));
        setup.groups().forEach(group -> lost.add("the group " + group));
        setup.lookup().options().forEach(option -> lost.add("the option " + option + " of looking up names"));
        if (!lost.isEmpty()) {
            lose("has not: " + String.join(", ", lost) + ". A swarm gives none.");
        }
    }

    private static Map<String, Object> withoutAddresses(Map<?, ?> networks) {
        Map<String, Object> without = new LinkedHashMap<>();
        networks.forEach((network, how) -> {
            Map<Object, Object> rest = new LinkedHashMap<>((Map<?, ?>) how);
            rest.remove("ipv4_address");
            without.put((String) network, rest);
        });
        return without;
    }

    private void putPorts() {
        List<Object> ports = new ArrayList<>();
        for (Endpoint endpoint : service.endpoints()) {
            if (endpoint.publication() instanceof Endpoint.Fixed fixed) {
                publish(ports, endpoint.port(), fixed.hostPort(), "tcp", fixed.bindAddress());
            } else if (endpoint.publication() instanceof Endpoint.AnyFree free) {
                publish(ports, endpoint.port(), 0, "tcp", free.bindAddress());
            }
        }
        service.setup()
                .datagrams()
                .forEach(port -> publish(ports, port.port(), port.hostPort(), "udp", port.bindAddress()));
        tree.remove("ports");
        Trees.put(tree, "ports", ports);
    }

    /** @param hostPort 0 for any that is free */
    private void publish(List<Object> ports, int port, int hostPort, String protocol, String bindAddress) {
        Map<String, Object> published = Trees.mapOf("target", port);
        if (hostPort != 0) {
            published.put("published", hostPort);
        }
        published.put("protocol", protocol);
        ports.add(published);
        if (!bindAddress.equals(EVERYWHERE)) {
            lose("is published on " + (hostPort == 0 ? "a port" : "port " + hostPort)
                    + " of every address of every node.");
        }
    }

    private Map<String, Object> deploy() {
        int number = service.replicas().map(Replicas::number).orElse(1);
        boolean isStarted = service.starts() == Service.Starts.WITH_STACK;
        Map<String, Object> deploy = Trees.mapOf("replicas", isStarted ? number : 0);
        if (tree.get("deploy") instanceof Map<?, ?> known && known.get("resources") instanceof Map<?, ?> resources) {
            Trees.put(deploy, "resources", withoutDevices(resources));
        }
        deploy.put("restart_policy", Trees.mapOf("condition", restart()));
        if (service.volumes().isEmpty() && !service.isOneShot()) {
            deploy.put("update_config", Trees.mapOf("order", "start-first", "failure_action", "rollback"));
        }
        return deploy;
    }

    private static Map<String, Object> withoutDevices(Map<?, ?> resources) {
        Map<String, Object> without = new LinkedHashMap<>();
        resources.forEach((kind, amounts) -> {
            Map<String, Object> rest = new LinkedHashMap<>();
            ((Map<?, ?>) amounts).forEach((name, amount) -> rest.put((String) name, amount));
            rest.remove("devices");
            Trees.put(without, (String) kind, rest);
        });
        return without;
    }

    private String restart() {
        if (service.isOneShot()) {
            return "on-failure";
        }
        return switch (service.restartPolicy()) {
            case NEVER -> "none";
            case ON_FAILURE -> "on-failure";
            case UNLESS_STOPPED -> "any";
        };
    }
}
