package dev.withstack.core.export;

import dev.withstack.core.model.Network;
import dev.withstack.core.model.Setup;
import dev.withstack.core.model.Setup.Feature;
import dev.withstack.core.model.StackId;
import dev.withstack.core.model.VolumeMount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What few containers are set up with, in the words of the Compose specification. */
final class ComposeSetup {
    private final Map<String, Object> tree = new LinkedHashMap<>();

    private ComposeSetup() {}

    /** Return the keys of a service that say it. */
    static Map<String, Object> of(Setup setup) {
        ComposeSetup written = new ComposeSetup();
        setup.entryPoint()
                .ifPresent(words -> written.tree.put(
                        "entrypoint", words.stream().map(ComposeText::literal).toList()));
        written.putText("working_dir", setup.directory());
        written.putText("hostname", setup.hostName());
        written.putFeature("init", setup, Feature.INIT);
        written.putFeature("tty", setup, Feature.TERMINAL);
        written.putFeature("stdin_open", setup, Feature.INPUT);
        written.putFeature("privileged", setup, Feature.PRIVILEGED);
        written.putTexts("extra_hosts", setup.hosts());
        written.putTexts("labels", setup.labels());
        written.putTexts("sysctls", setup.sysctls());
        Map<String, Object> ulimits = new LinkedHashMap<>();
        setup.ulimits()
                .forEach((name, most) -> ulimits.put(name, Trees.mapOf("soft", most.soft(), "hard", most.hard())));
        Trees.put(written.tree, "ulimits", ulimits);
        setup.sharedMemoryBytes().ifPresent(bytes -> written.tree.put("shm_size", ComposeService.size(bytes)));
        Trees.put(written.tree, "group_add", setup.groups());
        Trees.put(written.tree, "security_opt", setup.securityOptions());
        setup.joined().forEach((namespace, with) -> written.putText(key(namespace), with));
        Trees.put(written.tree, "dns", setup.lookup().servers());
        Trees.put(written.tree, "dns_search", setup.lookup().endings());
        Trees.put(written.tree, "dns_opt", setup.lookup().options());
        Trees.put(
                written.tree,
                "devices",
                setup.devices().stream().map(Setup.Device::toString).toList());
        Trees.put(
                written.tree,
                "volumes_from",
                setup.volumesFrom().stream()
                        .map(other -> other.replaceFirst("^service:", ""))
                        .toList());
        written.putText("runtime", setup.runtime());
        return written.tree;
    }

    /** Return the devices that a driver finds, as they are reserved. */
    static List<Map<String, Object>> requests(Setup setup) {
        return setup.requests().stream().map(ComposeSetup::request).toList();
    }

    private static Map<String, Object> request(Setup.DeviceRequest request) {
        Map<String, Object> written = new LinkedHashMap<>();
        Trees.put(written, "driver", request.driver());
        if (request.ids().isEmpty()) {
            written.put("count", request.count() == Setup.DeviceRequest.ALL ? "all" : request.count());
        }
        Trees.put(written, "device_ids", request.ids());
        Trees.put(written, "capabilities", request.capabilities());
        Trees.put(written, "options", new LinkedHashMap<>(request.options()));
        return written;
    }

    private static String key(Setup.Namespace namespace) {
        return switch (namespace) {
            case NETWORK -> "network_mode";
            case PROCESSES -> "pid";
            case IPC -> "ipc";
            case HOST_NAME -> "uts";
            case USERS -> "userns_mode";
        };
    }

    /** Return a network of the stack, as the file declares it. */
    static Map<String, Object> network(Network network, StackId id) {
        Map<String, Object> written = new LinkedHashMap<>();
        Trees.put(written, "name", network.wholeName().isEmpty() ? "" : network.nameIn(id));
        if (network.kind() != Network.Kind.OPEN) {
            written.put(network.kind() == Network.Kind.OUTSIDE ? "external" : "internal", true);
        }
        if (!network.subnets().isEmpty()) {
            List<Object> pools = new ArrayList<>();
            network.subnets().forEach(subnet -> pools.add(Trees.mapOf("subnet", subnet)));
            written.put("ipam", Trees.mapOf("config", pools));
        }
        return written;
    }

    /** Return a volume, as the file declares it. */
    static Map<String, Object> volume(String name, VolumeMount.Driver made, SourceTree sources) {
        VolumeMount.Driver driver =
                made.projectDirectory().map(sources::reference).map(made::at).orElse(made);
        Map<String, Object> written = Trees.mapOf("name", name);
        if (!driver.equals(VolumeMount.Driver.USUAL)) {
            Map<String, Object> options = new LinkedHashMap<>();
            driver.options().forEach((key, option) -> options.put(key, ComposeText.literal(option)));
            written.put("driver", driver.name());
            Trees.put(written, "driver_opts", options);
        }
        return written;
    }

    /** Return the ports for UDP. */
    static List<String> ports(Setup setup) {
        return setup.datagrams().stream()
                .map(port -> port.bindAddress() + ":" + (port.hostPort() == 0 ? "" : port.hostPort()) + ":"
                        + port.port() + "/udp")
                .toList();
    }

    private void putFeature(String name, Setup setup, Feature feature) {
        if (setup.features().contains(feature)) {
            tree.put(name, true);
        }
    }

    private void putText(String name, String text) {
        if (!text.isEmpty()) {
            tree.put(name, ComposeText.literal(text));
        }
    }

    private void putTexts(String name, Map<String, String> texts) {
        Map<String, Object> escaped = new LinkedHashMap<>();
        texts.forEach((key, text) -> escaped.put(key, ComposeText.literal(text)));
        Trees.put(tree, name, escaped);
    }
}
