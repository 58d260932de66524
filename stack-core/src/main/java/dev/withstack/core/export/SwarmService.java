package dev.withstack.core.export;

import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Replicas;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Setup;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One service as a swarm takes it: what Compose is told, less what a swarm does not do, and deployed. Used by one thread. */
final class SwarmService {
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
            "dns_opt");

    private final StackDefinition definition;
    private final Service service;
    private final List<Export.Loss> losses;
    private final Map<String, Object> configs = new LinkedHashMap<>();
    private final Map<String, Export.File> files;
    private final Map<String, Object> tree;

    SwarmService(
            StackDefinition definition,
            Service service,
            SourceTree sources,
            SecretNames secrets,
            List<Export.Loss> losses) {
        this.definition = definition;
        this.service = service;
        this.losses = losses;
        // what Compose loses of the order a swarm loses anyway
        ComposeService compose = new ComposeService(definition, service, sources, secrets, new ArrayList<>());
        this.tree = compose.tree();
        this.files = new LinkedHashMap<>(compose.files());
        giveHidden(compose.configs());
    }

    Map<String, Object> tree() {
        lose();
        NOT_TAKEN.forEach(tree::remove);
        if (service.source() instanceof Source.Build build) {
            BuiltImage image = BuiltImage.of(definition, service, build);
            tree.put("image", image.name());
            lose(image.toDo() + "name the registry.");
        }
        if (!service.setup().addresses().isEmpty()) {
            tree.put("networks", withoutAddresses((Map<?, ?>) tree.getOrDefault("networks", Map.of())));
        }
        giveFiles();
        putPorts();
        tree.put("deploy", deploy());
        return tree;
    }

    /** Return the files that the swarm hands to the containers. */
    Map<String, Object> configs() {
        return configs;
    }

    Map<String, Export.File> files() {
        return files;
    }

    private void lose(String what) {
        losses.add(new Export.Loss(service.name(), what));
    }

    private void lose() {
        if (tree.containsKey("security_opt")) {
            lose("may gain privileges and has no options of security: a swarm takes none.");
        }
        if (service.setup().features().contains(Setup.Feature.PRIVILEGED)) {
            lose("has not all privileges: a swarm gives none.");
        }
        List<String> lost = service.setup().partsOfOneHost();
        if (!lost.isEmpty()) {
            lose("has not: " + String.join(", ", lost) + ". A swarm gives none.");
        }
    }

    /** A config with its content needs a newer client; what it holds of secrets is filled in by nobody. */
    private void giveHidden(Map<String, Object> hidden) {
        if (!hidden.isEmpty()) {
            lose("gets files with secrets, which have to be made first: " + String.join(", ", hidden.keySet())
                    + ". See docker config create.");
        }
        hidden.keySet().forEach(name -> configs.put(name, Trees.mapOf("external", true)));
    }

    /** Generated files become configs, which the swarm takes to each node; what is bound has to be on the node. */
    private void giveFiles() {
        List<Object> mounts = new ArrayList<>();
        List<Object> given = new ArrayList<>((List<?>) tree.getOrDefault("configs", List.of()));
        for (Object mount : (List<?>) tree.getOrDefault("volumes", List.of())) {
            String text = mount.toString();
            if (text.startsWith("./files/")) {
                String[] parts = text.split(":");
                String name = service.name() + parts[1].replaceAll("[^A-Za-z0-9]+", "-");
                configs.put(name, Trees.mapOf("file", parts[0]));
                given.add(Trees.mapOf("source", name, "target", parts[1], "mode", 0555));
            } else {
                mounts.add(mount);
                if (text.startsWith(".") || text.startsWith("/")) {
                    lose("sees '" + text.split(":")[0] + "' of the host, which has to be there on every node.");
                }
            }
        }
        // what Compose calls tmpfs a swarm passes over in silence
        service.hardening().tmpfs().forEach(path -> mounts.add(Trees.mapOf("type", "tmpfs", "target", path)));
        tree.remove("volumes");
        tree.remove("configs");
        Trees.put(tree, "volumes", mounts);
        Trees.put(tree, "configs", given);
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
                ports.add(Trees.mapOf("target", endpoint.port(), "published", fixed.hostPort(), "protocol", "tcp"));
                if (fixed.bindAddress().equals(Endpoint.LOOPBACK)) {
                    lose("is published on port " + fixed.hostPort() + " of every address of every node.");
                }
            } else if (endpoint.publication() instanceof Endpoint.AnyFree) {
                ports.add(Trees.mapOf("target", endpoint.port(), "protocol", "tcp"));
            }
        }
        service.setup()
                .datagrams()
                .forEach(port ->
                        ports.add(Trees.mapOf("target", port.port(), "published", port.hostPort(), "protocol", "udp")));
        tree.remove("ports");
        Trees.put(tree, "ports", ports);
    }

    private Map<String, Object> deploy() {
        int number = service.replicas().map(Replicas::number).orElse(1);
        boolean isStarted = service.starts() == Service.Starts.WITH_STACK;
        Map<String, Object> deploy = Trees.mapOf("replicas", isStarted ? number : 0);
        if (tree.get("deploy") instanceof Map<?, ?> known && known.get("resources") instanceof Map<?, ?> resources) {
            deploy.put("resources", resources);
        }
        deploy.put("restart_policy", Trees.mapOf("condition", restart()));
        if (service.volumes().isEmpty() && !service.isOneShot()) {
            deploy.put("update_config", Trees.mapOf("order", "start-first", "failure_action", "rollback"));
        }
        return deploy;
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
