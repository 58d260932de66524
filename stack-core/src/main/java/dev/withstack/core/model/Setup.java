package dev.withstack.core.model;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

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
        List<Datagrams> datagrams) {

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
                    datagrams);
        }
    }
}
