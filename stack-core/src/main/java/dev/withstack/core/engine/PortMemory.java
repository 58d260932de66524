package dev.withstack.core.engine;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which ports {@code --auto-ports} chose, in one small file for each stack, so that addresses stay what they
 * were until the stack is taken down. A choice stands for the port that was asked for: who asks for another port gets
 * it.
 */
final class PortMemory {
    private final Path file;
    private @Nullable Map<String, Choice> earlier;

    PortMemory(Path stateDirectory, StackId id) {
        this.file = stateDirectory.resolve(id.prefix() + ".ports");
    }

    /** A port that was asked for, and the one that was chosen instead. */
    private record Choice(int asked, int chosen) {}

    /** Return the definition with the ports chosen earlier. */
    StackDefinition recall(StackDefinition definition) {
        Map<String, Choice> remembered = read();
        Map<String, Integer> ports = new LinkedHashMap<>();
        fixedPorts(definition).forEach((key, asked) -> {
            Choice choice = remembered.get(key);
            if (choice != null && choice.asked() == asked) {
                ports.put(key, choice.chosen());
            }
        });
        return republished(definition, ports);
    }

    /** Return the definition with other, free ports for those that are taken. */
    StackDefinition avoid(StackDefinition definition, Set<Integer> taken, Driver driver) {
        Map<String, Integer> wanted = fixedPorts(definition);
        Map<String, Integer> chosen = new LinkedHashMap<>();
        Set<Integer> used = new TreeSet<>(taken);
        used.addAll(wanted.values());
        wanted.forEach((key, port) -> {
            if (taken.contains(port)) {
                int free = driver.freePort(port + 1);
                while (!used.add(free)) {
                    free = driver.freePort(free + 1);
                }
                chosen.put(key, free);
            }
        });
        return republished(definition, chosen);
    }

    /** Remember where the ports chosen differ from those asked for, besides what was remembered before. */
    void remember(StackDefinition asked, StackDefinition chosen) {
        Map<String, Choice> choices = read();
        if (earlier == null) {
            earlier = new LinkedHashMap<>(choices);
        }
        Map<String, Integer> now = fixedPorts(chosen);
        fixedPorts(asked).forEach((key, port) -> {
            int other = now.getOrDefault(key, port);
            if (other != port) {
                choices.put(key, new Choice(port, other));
            }
        });
        write(choices);
    }

    /** Forget what was remembered by this object; what others have chosen before stays. */
    void takeBack() {
        if (earlier != null && earlier.isEmpty()) {
            forget();
        } else if (earlier != null) {
            write(earlier);
        }
    }

    void forget() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't remove '" + file + "'.", e);
        }
    }

    private static Map<String, Integer> fixedPorts(StackDefinition definition) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        for (Service service : definition.services().values()) {
            for (Endpoint endpoint : service.endpoints()) {
                if (endpoint.publication() instanceof Endpoint.Fixed fixed
                        && !(service.source() instanceof Source.External)) {
                    ports.put(key(service, endpoint), fixed.hostPort());
                }
            }
        }
        return ports;
    }

    private static String key(Service service, Endpoint endpoint) {
        return service.name() + "/" + endpoint.name();
    }

    private static StackDefinition republished(StackDefinition definition, Map<String, Integer> ports) {
        return ports.isEmpty() ? definition : definition.map(service -> republished(service, ports));
    }

    private static Service republished(Service service, Map<String, Integer> ports) {
        Service changed = service;
        for (Endpoint endpoint : service.endpoints()) {
            Integer port = ports.get(key(service, endpoint));
            if (port != null && endpoint.publication() instanceof Endpoint.Fixed fixed) {
                changed = changed.published(endpoint.name(), new Endpoint.Fixed(fixed.bindAddress(), port));
            }
        }
        return changed;
    }

    /** Each line is {@code service/endpoint=asked>chosen}. */
    private Map<String, Choice> read() {
        Map<String, Choice> choices = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                String[] parts = line.split("[=>]");
                choices.put(parts[0], new Choice(Integer.parseInt(parts[1]), Integer.parseInt(parts[2])));
            }
            return choices;
        } catch (NoSuchFileException e) {
            return choices;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read '" + file + "'.", e);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalStateException(
                    "'" + file + "' is damaged; remove it to forget the ports that --auto-ports chose.", e);
        }
    }

    /** Write the file whole or not at all: others read it without the stack's lock. */
    private void write(Map<String, Choice> choices) {
        List<String> lines = new ArrayList<>();
        choices.forEach((key, choice) -> lines.add(key + "=" + choice.asked() + ">" + choice.chosen()));
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(draft, lines);
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write '" + file + "'.", e);
        }
    }
}
