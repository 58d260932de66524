package dev.withstack.core.compose;

import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Setup;
import dev.withstack.core.model.Setup.Namespace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a service shares with the host or with another service: a network, processes, volumes, devices; and where it looks
 * names up.
 */
final class HostReading {
    private static final String HOST = "host";
    private static final String OF_SERVICE = "service:";
    private static final String OF_CONTAINER = "container:";

    private final Part part;
    private final Whole whole;
    private final Findings findings;

    /** @param part the service */
    HostReading(Part part, Whole whole) {
        this.part = part;
        this.whole = whole;
        this.findings = whole.findings();
    }

    /** Tell whether a service is in the network of the host or of another service, or in none. */
    static boolean isElsewhere(Part part) {
        String mode = part.isText("network_mode") ? part.text("network_mode").orElse("") : "";
        return !(mode.isEmpty() || mode.equals("bridge") || mode.equals("default"));
    }

    Service of(Service service) {
        Service sharing = service;
        for (Map.Entry<String, Namespace> key : keys().entrySet()) {
            Optional<String> word = part.text(key.getKey());
            if (word.isPresent()) {
                sharing = joined(sharing, key.getKey(), key.getValue(), word.get());
            }
        }
        Setup setup = sharing.setup().lookup(new Setup.Lookup(list("dns"), list("dns_search"), list("dns_opt")));
        for (Part device : part.has("devices") ? part.list("devices") : List.<Part>of()) {
            setup = setup.device(new Setup.Device(
                    device.text("source").orElse(""),
                    device.text("target").orElse(""),
                    device.text("permissions").orElse("rwm")));
        }
        for (Setup.DeviceRequest request : new DeviceRequests(part, findings).all()) {
            setup = setup.request(request);
        }
        setup = part.text("runtime").map(setup::runtime).orElse(setup);
        for (Part network : part.parts("networks").values()) {
            Optional<String> address = network.text("ipv4_address");
            if (address.isPresent()) {
                setup = setup.address(whole.networks().ours(network.name()), address.get());
            }
        }
        return volumesFrom(sharing.setup(setup));
    }

    private Service volumesFrom(Service service) {
        Service having = service;
        for (String word : list("volumes_from")) {
            String whose = Setup.withoutAccess(word);
            if (whose.startsWith(OF_CONTAINER)) {
                having = having.setup(having.setup().volumesFrom(word));
            } else if (checkThere(whose, "volumes_from")) {
                String ours = whole.services().ours(whose);
                having = needing(having, whose)
                        .setup(having.setup().volumesFrom(OF_SERVICE + ours + word.substring(whose.length())));
            }
        }
        return having;
    }

    private static Map<String, Namespace> keys() {
        Map<String, Namespace> keys = new LinkedHashMap<>();
        keys.put("network_mode", Namespace.NETWORK);
        keys.put("pid", Namespace.PROCESSES);
        keys.put("ipc", Namespace.IPC);
        keys.put("uts", Namespace.HOST_NAME);
        keys.put("userns_mode", Namespace.USERS);
        return keys;
    }

    private List<String> list(String key) {
        return part.has(key) ? part.texts(key) : List.of();
    }

    private Service joined(Service service, String key, Namespace namespace, String word) {
        if (namespace == Namespace.NETWORK) {
            checkNetwork(word);
            if (!isElsewhere(part)) {
                return service;
            }
        }
        if (word.startsWith(OF_SERVICE)) {
            return ofService(service, key, namespace, word.substring(OF_SERVICE.length()));
        }
        boolean isOfContainer = word.startsWith(OF_CONTAINER) && namespace != Namespace.USERS;
        if (!words(namespace).contains(word) && !isOfContainer) {
            findings.error(
                    part.place(key),
                    "'" + word + "' can't be shared with '" + part.name() + "'.",
                    "Write " + String.join(", ", words(namespace))
                            + (namespace == Namespace.USERS
                                    ? " or service:NAME."
                                    : ", service:NAME or container:NAME."));
            return service;
        }
        return service.setup(service.setup().joins(namespace, word));
    }

    private static List<String> words(Namespace namespace) {
        return switch (namespace) {
            case NETWORK -> List.of(HOST, "none");
            case PROCESSES, HOST_NAME, USERS -> List.of(HOST);
            case IPC -> List.of(HOST, "private", "shareable", "none");
        };
    }

    /** Whoever is in the network of another service starts after it, and again with it. */
    private Service ofService(Service service, String key, Namespace namespace, String other) {
        if (!checkThere(other, key)) {
            return service;
        }
        String ours = whole.services().ours(other);
        return needing(service.setup(service.setup().joins(namespace, OF_SERVICE + ours)), other);
    }

    private boolean checkThere(String other, String key) {
        if (!whole.services().has(other)) {
            findings.error(
                    part.place(key),
                    "'" + part.name() + "' shares with '" + other + "', which the file does not have.",
                    "Name one of: " + whole.services().list() + ".");
        }
        return whole.services().has(other);
    }

    private Service needing(Service service, String other) {
        String ours = whole.services().ours(other);
        boolean isNeeded = part.parts("depends_on").containsKey(other)
                || service.dependencies().stream().anyMatch(known -> known.on().equals(ours));
        return isNeeded
                ? service
                : service.needs(Dependency.together(new Dependency(ours, Dependency.Condition.STARTED)));
    }

    private void checkNetwork(String mode) {
        if (!isElsewhere(part)) {
            findings.warning(
                    part.place("network_mode"),
                    "'" + mode + "' has no effect: a service that names no network is on the stack's own.",
                    "");
        } else if (part.has("networks")) {
            findings.error(
                    part.place("networks"),
                    "'" + part.name() + "' has 'network_mode', and so is on no networks.",
                    "Keep one of the two.");
        }
        if (part.has("ports") && (mode.startsWith(OF_SERVICE) || mode.startsWith(OF_CONTAINER))) {
            findings.error(
                    part.place("ports"),
                    "'" + part.name() + "' has the network of another service, which publishes the ports.",
                    "Move them there.");
        } else if (part.has("ports") && isElsewhere(part)) {
            findings.warning(
                    part.place("ports"),
                    "they have no effect: "
                            + (mode.equals(HOST) ? "all its ports are the host's." : "it has no network."),
                    "");
        }
    }
}
