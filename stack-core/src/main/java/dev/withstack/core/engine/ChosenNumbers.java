package dev.withstack.core.engine;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the numbers that were chosen while a stack ran, in one small file for each stack, until it is taken down: the
 * ports that {@code --auto-ports} took, so that addresses stay what they were, and how many replicas {@code scale} asked
 * for. A choice stands for the number that the definition asks for: where that changes, it is over.
 */
public final class ChosenNumbers {
    private final StateFile file;
    private final DeployedImages images;
    private @Nullable Map<String, Choice> earlier;

    /** @param stateDirectory where the engine keeps its state */
    ChosenNumbers(Path stateDirectory, StackId id) {
        this.file = new StateFile(stateDirectory.resolve(id.prefix() + ".numbers"));
        this.images = new DeployedImages(stateDirectory, id);
    }

    /** Return the definition, and that of its base, with the numbers and images chosen earlier. */
    public static StackDefinition recalled(Path stateDirectory, StackDefinition definition) {
        StackDefinition own = new ChosenNumbers(stateDirectory, definition.id()).recall(definition);
        return own.base().map(base -> own.on(recalled(stateDirectory, base))).orElse(own);
    }

    /** A number that the definition asks for, and the one that was chosen instead. */
    private record Choice(int asked, int chosen) {}

    /** Return the definition with the numbers and images chosen earlier. */
    StackDefinition recall(StackDefinition definition) {
        Map<String, Choice> remembered = read();
        return withReplicas(
                republished(images.recall(definition), chosen(remembered, fixedPorts(definition))),
                chosen(remembered, definition.replicas()));
    }

    private static Map<String, Integer> chosen(Map<String, Choice> remembered, Map<String, Integer> asked) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        asked.forEach((key, number) -> {
            Choice choice = remembered.get(key);
            if (choice != null && choice.asked() == number) {
                numbers.put(key, choice.chosen());
            }
        });
        return numbers;
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

    /** Remember where the numbers chosen differ from those asked for, besides what was remembered before. */
    void remember(StackDefinition asked, StackDefinition chosen) {
        Map<String, Choice> choices = read();
        if (earlier == null) {
            earlier = new LinkedHashMap<>(choices);
        }
        note(choices, fixedPorts(asked), fixedPorts(chosen));
        note(choices, asked.replicas(), chosen.replicas());
        write(choices);
    }

    private static void note(Map<String, Choice> choices, Map<String, Integer> asked, Map<String, Integer> chosen) {
        asked.forEach((key, number) -> {
            Choice before = choices.remove(key);
            // a definition that an earlier choice has been put into asks for what was asked for then
            int first = before != null && before.chosen() == number ? before.asked() : number;
            int now = chosen.getOrDefault(key, number);
            if (now != first) {
                choices.put(key, new Choice(first, now));
            }
        });
    }

    /** Forget what was remembered by this object; what others have chosen before stays. */
    void takeBack() {
        if (earlier != null && earlier.isEmpty()) {
            forgetNumbers();
        } else if (earlier != null) {
            write(earlier);
        }
    }

    void forget() {
        images.forget();
        forgetNumbers();
    }

    private void forgetNumbers() {
        try {
            file.remove();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't remove " + file + ".", e);
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

    private static StackDefinition withReplicas(StackDefinition definition, Map<String, Integer> numbers) {
        return numbers.isEmpty() ? definition : definition.scaled(numbers);
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

    /** Each line is {@code service/endpoint=asked>chosen} for a port, {@code service=asked>chosen} for replicas. */
    private Map<String, Choice> read() {
        Map<String, Choice> choices = new LinkedHashMap<>();
        try {
            for (String line : file.read()) {
                String[] parts = line.split("[=>]");
                choices.put(parts[0], new Choice(Integer.parseInt(parts[1]), Integer.parseInt(parts[2])));
            }
            return choices;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read " + file + ".", e);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalStateException(
                    file
                            + " is damaged; remove it to forget the ports that --auto-ports chose and the numbers that scale set.",
                    e);
        }
    }

    private void write(Map<String, Choice> choices) {
        List<String> lines = new ArrayList<>();
        choices.forEach((key, choice) -> lines.add(key + "=" + choice.asked() + ">" + choice.chosen()));
        try {
            file.write(lines);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + file + ".", e);
        }
    }
}
