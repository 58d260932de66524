package dev.withstack.core.model;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a container is set up with that few services need: another program than the image's, a host name, kernel
 * parameters. Immutable; every method returns a new one.
 *
 * @param entryPoint the program and its first arguments; empty for the image's own, an empty list for none
 * @param directory where the program begins; empty for the image's own
 * @param hostName what the container calls itself; empty for the engine's choice
 * @param hosts addresses by host name, for {@code /etc/hosts}; {@code host-gateway} is this host
 * @param labels that others look for on the container
 * @param sysctls parameters of the kernel in the container's own name space
 * @param ulimits limits of each process, by name
 * @param sharedMemoryBytes the size of {@code /dev/shm}
 * @param groups that its processes belong to besides
 * @param securityOptions in the engine's words, such as {@code seccomp=unconfined}
 * @param datagrams ports for UDP that the host publishes
 * @param joined what it has not to itself: {@code host}, {@code none}, {@code service:db}, or another of the engine's words
 * @param addresses its own address on networks of the stack, by their names
 * @param lookup where names are looked up
 * @param devices of the host that it is given
 * @param requests for devices that a driver of the engine finds, such as GPUs
 * @param volumesFrom whose volumes it has too: {@code service:db}, {@code service:db:ro}, or {@code container:NAME} of one
 *     that is not the stack's
 * @param runtime what the engine runs it with; empty for the usual
 */
public record Setup(
        Optional<List<String>> entryPoint,
        String directory,
        String hostName,
        Set<Feature> features,
        Map<String, String> hosts,
        Map<String, String> labels,
        Map<String, String> sysctls,
        Map<String, Ulimit> ulimits,
        Optional<Long> sharedMemoryBytes,
        List<String> groups,
        List<String> securityOptions,
        List<Datagrams> datagrams,
        Map<Namespace, String> joined,
        Map<String, String> addresses,
        Lookup lookup,
        List<Device> devices,
        List<DeviceRequest> requests,
        List<String> volumesFrom,
        String runtime) {
    /** What a name of a service of the stack begins with, whose name space is joined. */
    private static final String SERVICE = "service:";

    /** As the image and the engine have it. */
    public static final Setup NONE = new Draft().setup();

    public Setup {
        entryPoint = entryPoint.map(List::copyOf);
        features = Ordered.copyOf(features);
        hosts = Ordered.copyOf(hosts);
        labels = Ordered.copyOf(labels);
        sysctls = Ordered.copyOf(sysctls);
        ulimits = Ordered.copyOf(ulimits);
        groups = List.copyOf(groups);
        securityOptions = List.copyOf(securityOptions);
        datagrams = List.copyOf(datagrams);
        joined = Ordered.copyOf(joined);
        addresses = Ordered.copyOf(addresses);
        devices = List.copyOf(devices);
        requests = List.copyOf(requests);
        volumesFrom = List.copyOf(volumesFrom);
    }

    /** What a container usually has to itself. */
    public enum Namespace {
        NETWORK,
        PROCESSES,
        IPC,
        HOST_NAME,
        USERS;

        /** Return what people call it where it is another's. */
        public String ofAnother() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + " of another";
        }
    }

    /** Where names are looked up: at these servers, with these endings, by these options; none means as the engine does. */
    public record Lookup(List<String> servers, List<String> endings, List<String> options) {
        /** As the engine does. */
        public static final Lookup USUAL = new Lookup(List.of(), List.of(), List.of());

        public Lookup {
            servers = List.copyOf(servers);
            endings = List.copyOf(endings);
            options = List.copyOf(options);
        }
    }

    /**
     * A device of the host.
     *
     * @param path where the container has it
     * @param permissions of {@code r}, {@code w} and {@code m}
     */
    public record Device(String source, String path, String permissions) {
        @Override
        public String toString() {
            return source + ":" + path + ":" + permissions;
        }
    }

    /**
     * A request for devices that a driver of the engine finds on its host.
     *
     * @param driver its name, such as {@code nvidia}; empty for whichever has the capabilities
     * @param count how many; {@link #ALL} for all there are, 0 where they are named
     * @param ids which ones; none where they are counted
     * @param capabilities that each must have, such as {@code gpu}
     * @param options of the driver
     */
    public record DeviceRequest(
            String driver, int count, List<String> ids, List<String> capabilities, Map<String, String> options) {
        /** As many as there are. */
        public static final int ALL = -1;

        public DeviceRequest {
            ids = List.copyOf(ids);
            capabilities = List.copyOf(capabilities);
            options = Ordered.copyOf(options);
        }

        @Override
        public String toString() {
            String which = ids.isEmpty() ? (count == ALL ? "all" : Integer.toString(count)) : String.join(",", ids);
            return which + " of " + String.join(",", capabilities) + (driver.isEmpty() ? "" : " by " + driver)
                    + (options.isEmpty() ? "" : " " + options);
        }
    }

    /** What a container either has or has not. */
    public enum Feature {
        /** A first process of the engine's that passes signals on and reaps orphans. */
        INIT,
        /** A terminal. */
        TERMINAL,
        /** An input that stays open. */
        INPUT,
        /** All that the host may do: no isolation is left. */
        PRIVILEGED
    }

    /** How much of something a process may use: before it is warned, and at most. */
    public record Ulimit(long soft, long hard) {}

    /**
     * A port for UDP.
     *
     * @param hostPort on this host; 0 for any that is free
     * @param port of the container
     */
    public record Datagrams(String bindAddress, int hostPort, int port) {}

    /** Run this instead of the image's program. */
    public Setup entryPoint(List<String> words) {
        return changed(draft -> draft.entryPoint = Optional.of(words));
    }

    /** Begin in this directory of the container. */
    public Setup directory(String path) {
        return changed(draft -> draft.directory = path);
    }

    /** Call itself so. */
    public Setup hostName(String name) {
        return changed(draft -> draft.hostName = name);
    }

    public Setup feature(Feature feature) {
        return changed(draft -> draft.features.add(feature));
    }

    /** Find this address under the host name. */
    public Setup host(String name, String address) {
        return changed(draft -> draft.hosts.put(name, address));
    }

    public Setup label(String name, String value) {
        return changed(draft -> draft.labels.put(name, value));
    }

    public Setup sysctl(String name, String value) {
        return changed(draft -> draft.sysctls.put(name, value));
    }

    public Setup ulimit(String name, Ulimit ulimit) {
        return changed(draft -> draft.ulimits.put(name, ulimit));
    }

    /** Have this much shared memory, such as {@code 256m}. */
    public Setup sharedMemory(String size) {
        return changed(draft -> draft.sharedMemoryBytes = Optional.of(Limits.parseSize(size)));
    }

    public Setup group(String name) {
        return changed(draft -> draft.groups.add(name));
    }

    public Setup securityOption(String option) {
        return changed(draft -> draft.securityOptions.add(option));
    }

    /** Publish this port for UDP. */
    public Setup datagrams(Datagrams port) {
        return changed(draft -> draft.datagrams.add(port));
    }

    /** Share it with the host ({@code host}), with a service of the stack ({@code service:db}), or have none of it. */
    public Setup joins(Namespace namespace, String with) {
        return changed(draft -> draft.joined.put(namespace, with));
    }

    /** Have this address on a network of the stack. */
    public Setup address(String network, String address) {
        return changed(draft -> draft.addresses.put(network, address));
    }

    public Setup lookup(Lookup names) {
        return changed(draft -> draft.lookup = names);
    }

    public Setup device(Device device) {
        return changed(draft -> draft.devices.add(device));
    }

    public Setup request(DeviceRequest request) {
        return changed(draft -> draft.requests.add(request));
    }

    /** Have the volumes of {@code service:NAME} or {@code container:NAME} too; {@code :ro} behind it to read only. */
    public Setup volumesFrom(String other) {
        return changed(draft -> draft.volumesFrom.add(other));
    }

    /** Let the engine run it with this instead of its usual runtime. */
    public Setup runtime(String name) {
        return changed(draft -> draft.runtime = name);
    }

    /** Return the parts that tie it to one host, as an engine that spreads containers over many does not take them. */
    public List<String> partsOfOneHost() {
        List<String> parts = new ArrayList<>();
        joined.keySet().forEach(namespace -> parts.add("the " + namespace.ofAnother()));
        addresses.forEach((network, address) -> parts.add("the address " + address));
        devices.forEach(device -> parts.add("the device " + device.source()));
        requests.forEach(request -> parts.add("the devices " + request));
        volumesFrom.forEach(other -> parts.add("the volumes of " + other));
        if (!runtime.isEmpty()) {
            parts.add("the runtime " + runtime);
        }
        return parts;
    }

    /** Tell whether it is on networks, rather than in the network of somebody else, or in none. */
    public boolean isOnNetworks() {
        return !joined.containsKey(Namespace.NETWORK);
    }

    /** Return the services of the stack with which it shares something. */
    public List<String> servicesJoined() {
        return Stream.concat(joined.values().stream(), volumesFrom.stream().map(Setup::withoutAccess))
                .flatMap(word -> serviceJoined(word).stream())
                .distinct()
                .toList();
    }

    /** Return the service that is meant by a word of {@link #joined}; empty if it is none. */
    public static Optional<String> serviceJoined(String word) {
        return word.startsWith(SERVICE) ? Optional.of(word.substring(SERVICE.length())) : Optional.empty();
    }

    /** Return whose volumes are meant by a word of {@link #volumesFrom}. */
    public static String withoutAccess(String word) {
        return word.replaceFirst(":(ro|rw)$", "");
    }

    /** Return the same, with ports for UDP on whichever port of the host is free. */
    public Setup anyDatagramPorts() {
        return changed(draft -> draft.datagrams.replaceAll(port -> new Datagrams(port.bindAddress(), 0, port.port())));
    }

    /** Return what it says, by what people call it; nothing of what it leaves as it is. */
    public Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>();
        entryPoint.ifPresent(words -> parts.put("entry point", words.toString()));
        putText(parts, "working directory", directory);
        putText(parts, "host name", hostName);
        features.forEach(feature -> parts.put("feature " + feature.name().toLowerCase(java.util.Locale.ROOT), "on"));
        hosts.forEach((name, address) -> parts.put("host " + name, address));
        labels.forEach((name, value) -> parts.put("label " + name, value));
        sysctls.forEach((name, value) -> parts.put("sysctl " + name, value));
        ulimits.forEach((name, ulimit) -> parts.put("ulimit " + name, ulimit.soft() + ":" + ulimit.hard()));
        sharedMemoryBytes.ifPresent(bytes -> parts.put("shared memory", bytes.toString()));
        putText(parts, "groups", String.join(",", groups));
        putText(parts, "security options", String.join(",", securityOptions));
        datagrams.forEach(port -> parts.put("udp port " + port.port(), port.bindAddress() + ":" + port.hostPort()));
        joined.forEach((namespace, with) -> parts.put(namespace.ofAnother(), with));
        addresses.forEach((network, address) -> parts.put("address on " + network, address));
        if (!lookup.equals(Lookup.USUAL)) {
            parts.put("lookup of names", lookup.toString());
        }
        devices.forEach(device -> parts.put("device " + device.path(), device.toString()));
        requests.forEach(
                request -> parts.put("devices of " + String.join(",", request.capabilities()), request.toString()));
        volumesFrom.forEach(other -> parts.put("volumes of " + withoutAccess(other), other));
        putText(parts, "runtime", runtime);
        return parts;
    }

    private static void putText(Map<String, String> parts, String name, String text) {
        if (!text.isEmpty()) {
            parts.put(name, text);
        }
    }

    private Setup changed(Consumer<Draft> change) {
        Draft draft = new Draft();
        draft.takeFrom(this);
        change.accept(draft);
        return draft.setup();
    }

    /** The parts while they are put together. */
    private static final class Draft {
        private Optional<List<String>> entryPoint = Optional.empty();
        private String directory = "";
        private String hostName = "";
        private final Set<Feature> features = EnumSet.noneOf(Feature.class);
        private final Map<String, String> hosts = new LinkedHashMap<>();
        private final Map<String, String> labels = new LinkedHashMap<>();
        private final Map<String, String> sysctls = new LinkedHashMap<>();
        private final Map<String, Ulimit> ulimits = new LinkedHashMap<>();
        private Optional<Long> sharedMemoryBytes = Optional.empty();
        private final List<String> groups = new ArrayList<>();
        private final List<String> securityOptions = new ArrayList<>();
        private final List<Datagrams> datagrams = new ArrayList<>();
        private final Map<Namespace, String> joined = new LinkedHashMap<>();
        private final Map<String, String> addresses = new LinkedHashMap<>();
        private Lookup lookup = Lookup.USUAL;
        private final List<Device> devices = new ArrayList<>();
        private final List<DeviceRequest> requests = new ArrayList<>();
        private final List<String> volumesFrom = new ArrayList<>();
        private String runtime = "";

        private void takeFrom(Setup setup) {
            entryPoint = setup.entryPoint;
            directory = setup.directory;
            hostName = setup.hostName;
            features.addAll(setup.features);
            hosts.putAll(setup.hosts);
            labels.putAll(setup.labels);
            sysctls.putAll(setup.sysctls);
            ulimits.putAll(setup.ulimits);
            sharedMemoryBytes = setup.sharedMemoryBytes;
            groups.addAll(setup.groups);
            securityOptions.addAll(setup.securityOptions);
            datagrams.addAll(setup.datagrams);
            joined.putAll(setup.joined);
            addresses.putAll(setup.addresses);
            lookup = setup.lookup;
            devices.addAll(setup.devices);
            requests.addAll(setup.requests);
            volumesFrom.addAll(setup.volumesFrom);
            runtime = setup.runtime;
        }

        private Setup setup() {
            return new Setup(
                    entryPoint,
                    directory,
                    hostName,
                    features,
                    hosts,
                    labels,
                    sysctls,
                    ulimits,
                    sharedMemoryBytes,
                    groups,
                    securityOptions,
                    datagrams,
                    joined,
                    addresses,
                    lookup,
                    devices,
                    requests,
                    volumesFrom,
                    runtime);
        }
    }
}
