package dev.withstack.core.engine;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Remembers which ports {@code --auto-ports} chose, in one small file for each stack, so that addresses stay what they
 * were until the stack is taken down.
 */
final class PortMemory {
    private final Path file;

    PortMemory(Path stateDirectory, StackId id) {
        this.file = stateDirectory.resolve(id.prefix() + ".ports");
    }

    /** Return the definition with the ports chosen earlier. */
    StackDefinition recall(StackDefinition definition) {
        Map<String, Integer> remembered = read();
        return remembered.isEmpty() ? definition : definition.map(service -> republished(service, remembered));
    }

    /** Choose other ports for those that are taken, and remember them. */
    StackDefinition avoid(StackDefinition definition, Set<Integer> taken, Driver driver) {
        Map<String, Integer> chosen = read();
        Set<Integer> used = new TreeSet<>(taken);
        definition.services().values().forEach(service -> fixedPorts(service).forEach((key, port) -> used.add(port)));
        definition.services().values().forEach(service -> fixedPorts(service).forEach((key, port) -> {
            if (taken.contains(port)) {
                int free = driver.freePort(port + 1);
                while (!used.add(free)) {
                    free = driver.freePort(free + 1);
                }
                chosen.put(key, free);
            }
        }));
        write(chosen);
        return definition.map(service -> republished(service, chosen));
    }

    void forget() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't remove '" + file + "'.", e);
        }
    }

    private static Map<String, Integer> fixedPorts(Service service) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        for (Endpoint endpoint : service.endpoints()) {
            if (endpoint.publication() instanceof Endpoint.Fixed fixed) {
                ports.put(service.name() + "/" + endpoint.name(), fixed.hostPort());
            }
        }
        return ports;
    }

    private static Service republished(Service service, Map<String, Integer> chosen) {
        Service changed = service;
        for (String key : fixedPorts(service).keySet()) {
            Integer port = chosen.get(key);
            if (port != null) {
                changed = changed.hostPort(key.substring(key.indexOf('/') + 1), port);
            }
        }
        return changed;
    }

    private Map<String, Integer> read() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return ports;
        }
        try {
            for (String line : Files.readAllLines(file)) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    ports.put(line.substring(0, equals), Integer.parseInt(line.substring(equals + 1)));
                }
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read '" + file + "'.", e);
        } catch (NumberFormatException e) {
            throw new IllegalStateException(
                    "'" + file + "' is damaged; remove it to forget the ports that --auto-ports chose.", e);
        }
    }

    private void write(Map<String, Integer> ports) {
        List<String> lines = new ArrayList<>();
        ports.forEach((key, port) -> lines.add(key + "=" + port));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write '" + file + "'.", e);
        }
    }
}
