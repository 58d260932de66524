package dev.withstack.core.driver.container;

import dev.withstack.core.model.Setup;
import dev.withstack.core.model.Setup.Feature;
import dev.withstack.core.model.Setup.Namespace;
import dev.withstack.core.model.StackId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What few containers are set up with, in the words of the engine's create call. */
record SetupSpec(Setup setup, StackId id) {
    /** Add it to the body of the call, and to the part of it that is about the host. */
    void addTo(Map<String, Object> spec, Map<String, Object> host) {
        // the engine takes a single empty word for none at all
        setup.entryPoint().ifPresent(words -> spec.put("Entrypoint", words.isEmpty() ? List.of("") : words));
        putText(spec, "WorkingDir", setup.directory());
        putText(spec, "Hostname", setup.hostName());
        putFeature(spec, "Tty", Feature.TERMINAL);
        putFeature(spec, "OpenStdin", Feature.INPUT);
        putFeature(host, "Init", Feature.INIT);
        putFeature(host, "Privileged", Feature.PRIVILEGED);
        List<String> hosts = new ArrayList<>();
        setup.hosts().forEach((name, address) -> hosts.add(name + ":" + address));
        putList(host, "ExtraHosts", hosts);
        putList(host, "GroupAdd", setup.groups());
        if (!setup.sysctls().isEmpty()) {
            host.put("Sysctls", setup.sysctls());
        }
        List<Map<String, Object>> ulimits = new ArrayList<>();
        setup.ulimits()
                .forEach((name, most) -> ulimits.add(Map.of("Name", name, "Soft", most.soft(), "Hard", most.hard())));
        putList(host, "Ulimits", ulimits);
        setup.sharedMemoryBytes().ifPresent(bytes -> host.put("ShmSize", bytes));
        setup.joined().forEach((namespace, with) -> host.put(key(namespace), mode(with)));
        putList(host, "Dns", setup.lookup().servers());
        putList(host, "DnsSearch", setup.lookup().endings());
        putList(host, "DnsOptions", setup.lookup().options());
        putList(
                host,
                "Devices",
                setup.devices().stream()
                        .map(device -> Map.of(
                                "PathOnHost", device.source(),
                                "PathInContainer", device.path(),
                                "CgroupPermissions", device.permissions()))
                        .toList());
        putList(
                host,
                "DeviceRequests",
                setup.requests().stream().map(SetupSpec::request).toList());
        putList(
                host,
                "VolumesFrom",
                setup.volumesFrom().stream().map(this::container).toList());
        putText(host, "Runtime", setup.runtime());
        if (!setup.securityOptions().isEmpty()) {
            List<Object> options = new ArrayList<>((List<?>) host.getOrDefault("SecurityOpt", List.of()));
            options.addAll(setup.securityOptions());
            host.put("SecurityOpt", options);
        }
    }

    private static Map<String, Object> request(Setup.DeviceRequest request) {
        return Map.of(
                "Driver", request.driver(),
                "Count", request.count(),
                "DeviceIDs", request.ids(),
                "Capabilities", List.of(request.capabilities()),
                "Options", request.options());
    }

    /** Whose volumes they are, in the engine's words: {@code NAME} or {@code NAME:ro}. */
    private String container(String word) {
        String whose = Setup.withoutAccess(word);
        String name = Setup.serviceJoined(whose).map(id::containerName).orElse(whose.replaceFirst("^container:", ""));
        return name + word.substring(whose.length());
    }

    private static String key(Namespace namespace) {
        return switch (namespace) {
            case NETWORK -> "NetworkMode";
            case PROCESSES -> "PidMode";
            case IPC -> "IpcMode";
            case HOST_NAME -> "UTSMode";
            case USERS -> "UsernsMode";
        };
    }

    /** The engine keeps the id of the container that has the name now: one that is made anew is another. */
    private String mode(String with) {
        return Setup.serviceJoined(with)
                .map(service -> "container:" + id.containerName(service))
                .orElse(with);
    }

    private void putFeature(Map<String, Object> part, String name, Feature feature) {
        if (setup.features().contains(feature)) {
            part.put(name, true);
        }
    }

    private static void putText(Map<String, Object> part, String name, String text) {
        if (!text.isEmpty()) {
            part.put(name, text);
        }
    }

    private static void putList(Map<String, Object> part, String name, List<?> list) {
        if (!list.isEmpty()) {
            part.put(name, list);
        }
    }
}
