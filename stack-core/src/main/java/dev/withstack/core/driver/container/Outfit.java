package dev.withstack.core.driver.container;

import dev.withstack.core.docker.ContainerFile;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Hardening;
import dev.withstack.core.model.Network;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.NetworkAddresses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a container is given between its creation and its start: all its networks but the first, as the engine takes one
 * only with the creation, and its files.
 *
 * <p>The engine writes no file into a container whose root is read-only, but into its volumes. So there each directory
 * that gets files is a volume without a name: it begins as the image has the directory, and goes with the container.
 */
final class Outfit {
    private static final int READABLE = 0644;
    private static final int RUNNABLE = 0755;

    private final StackDefinition definition;
    private final Service service;
    private final ImageUse image;

    Outfit(StackDefinition definition, Service service, ImageUse image) {
        this.definition = definition;
        this.service = service;
        this.image = image;
    }

    /** Return the directories that have to be volumes without a name. */
    Set<String> volumes() {
        Set<String> volumes = new LinkedHashSet<>();
        if (service.hardening().root() == Hardening.Root.READ_ONLY) {
            Set<String> directories = new LinkedHashSet<>();
            files().keySet().forEach(path -> directories.add(directoryOf(path)));
            service.volumes().forEach(volume -> directories.removeIf(path -> isWithin(path, volume.path())));
            directories.stream()
                    .filter(path ->
                            directories.stream().noneMatch(other -> !other.equals(path) && isWithin(path, other)))
                    .forEach(volumes::add);
        }
        return volumes;
    }

    /** Connect the container to its other networks, and write its files. */
    void give(DockerEngine engine, String container) {
        networks(definition, service).entrySet().stream().skip(1).forEach(network -> engine.networks()
                .connect(network.getKey(), container, network.getValue()));
        writeFiles(engine, container);
    }

    void writeFiles(DockerEngine engine, String container) {
        Map<String, List<ContainerFile>> byDirectory = new LinkedHashMap<>();
        boolean isReadOnly = service.hardening().root() == Hardening.Root.READ_ONLY;
        files().forEach((path, file) -> {
            String directory = isReadOnly ? volumeOf(path) : "/";
            String relative = path.substring(directory.equals("/") ? 1 : directory.length() + 1);
            byDirectory
                    .computeIfAbsent(directory, unused -> new ArrayList<>())
                    .add(new ContainerFile(relative, file.content(), file.mode(), 0, 0));
        });
        byDirectory.forEach((directory, files) -> engine.containers().copyInto(container, directory, files));
    }

    /** Return the names by which the service is found in the stack's networks. */
    static List<String> aliases(Service service) {
        List<String> aliases = new ArrayList<>(List.of(service.name()));
        aliases.addAll(service.aliases());
        aliases.addAll(service.lineups());
        return aliases;
    }

    /** Return the network that it is created on, with what it is there; empty if it is on none. */
    Optional<Map<String, Object>> network() {
        return networks(definition, service).entrySet().stream()
                .findFirst()
                .map(network -> Map.of(network.getKey(), network.getValue()));
    }

    /**
     * Return the networks that the service's container is on, the first one first, with its names and its address there, in
     * the engine's words.
     */
    static Map<String, Map<String, Object>> networks(StackDefinition definition, Service service) {
        Map<String, Map<String, Object>> networks = new LinkedHashMap<>();
        if (!service.setup().isOnNetworks()) {
            return networks;
        }
        definition
                .networksOf(service)
                .forEach(network -> networks.put(network, new LinkedHashMap<>(Map.of("Aliases", aliases(service)))));
        for (Network network : definition.declaredNetworks()) {
            String address = service.setup().addresses().get(network.name());
            Map<String, Object> endpoint = networks.get(network.nameIn(definition.id()));
            if (address != null && endpoint != null) {
                endpoint.put("IPAMConfig", Map.of("IPv4Address", address));
            }
        }
        // a plain name on a network that environments share would answer with the addresses of all of them
        Map<String, Object> onBase = Map.of("Aliases", List.of(definition.nameOnBase(service.name())));
        definition.base().ifPresent(base -> base.networks().forEach(network -> networks.put(network, onBase)));
        return networks;
    }

    private String volumeOf(String path) {
        for (String volume : volumes()) {
            if (isWithin(path, volume)) {
                return volume;
            }
        }
        return directoryOf(path);
    }

    private record Content(byte[] content, int mode) {}

    private Map<String, Content> files() {
        AddressBook addresses = new NetworkAddresses(definition);
        Map<String, Content> files = new LinkedHashMap<>();
        for (FileMount file : service.files()) {
            if (file instanceof FileMount.Generated generated) {
                String text = generated.content(image.version()).resolve(addresses);
                int mode = text.startsWith("#!") ? RUNNABLE : READABLE;
                files.put(file.path(), new Content(text.getBytes(StandardCharsets.UTF_8), mode));
            } else if (file instanceof FileMount.Copied copied) {
                files.put(file.path(), read(Path.of(copied.source())));
            }
        }
        return files;
    }

    private static Content read(Path file) {
        try {
            return new Content(Files.readAllBytes(file), Files.isExecutable(file) ? RUNNABLE : READABLE);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read '" + file + "'.", e);
        }
    }

    private static String directoryOf(String path) {
        return path.substring(0, Math.max(1, path.lastIndexOf('/')));
    }

    private static boolean isWithin(String path, String directory) {
        return path.equals(directory) || path.startsWith(directory.equals("/") ? "/" : directory + "/");
    }
}
