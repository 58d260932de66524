package dev.withstack.core.engine;

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
import java.util.Optional;

/**
 * Remembers which images a deployment chose instead of those that the definition asks for, so that later starts run them
 * too, until the stack is taken down. Where the definition asks for another than it did then, the choice is over.
 */
final class DeployedImages {
    private final StateFile file;

    DeployedImages(Path stateDirectory, StackId id) {
        this.file = new StateFile(stateDirectory.resolve(id.prefix() + ".images"));
    }

    /** An image that was chosen, and what the definition asked for then. */
    private record Choice(String asked, String chosen) {}

    /** Return the definition with the images chosen earlier. */
    StackDefinition recall(StackDefinition definition) {
        Map<String, Choice> choices = read();
        return choices.isEmpty()
                ? definition
                : definition.map(service -> Optional.ofNullable(choices.get(service.name()))
                        .filter(choice -> choice.asked().equals(asked(service)))
                        .map(choice -> service.source(new Source.Image(choice.chosen())))
                        .orElse(service));
    }

    /** Return the definition with other images, by the name of the service as it is declared. */
    static StackDefinition with(StackDefinition definition, Map<String, String> images) {
        return images.isEmpty()
                ? definition
                : definition.map(service -> Optional.ofNullable(images.get(service.name()))
                        .map(image -> service.source(new Source.Image(image)))
                        .orElse(service));
    }

    /** Remember these images instead of those that the definition asks for; the same or none is no choice. */
    void remember(StackDefinition definition, Map<String, String> images) {
        if (images.isEmpty()) {
            return;
        }
        Map<String, Choice> choices = read();
        images.forEach((name, image) -> {
            String asked = Optional.ofNullable(definition.declared().get(name))
                    .map(DeployedImages::asked)
                    .orElse("");
            choices.remove(name);
            if (!asked.equals(image) && !asked.isEmpty() && !image.isEmpty()) {
                choices.put(name, new Choice(asked, image));
            }
        });
        List<String> lines = new ArrayList<>();
        choices.forEach((name, choice) -> lines.add(name + "=" + choice.asked() + ">" + choice.chosen()));
        try {
            file.write(lines);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + file + ".", e);
        }
    }

    void forget() {
        try {
            file.remove();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't remove " + file + ".", e);
        }
    }

    /** Return what a service asks for to be run from, in words that tell it from another. */
    private static String asked(Service service) {
        if (service.source() instanceof Source.Image image) {
            return image.reference();
        }
        return service.source() instanceof Source.Build build
                ? "build " + build.directory() + " " + build.target()
                : "";
    }

    /** Each line is {@code service=asked>chosen}. */
    private Map<String, Choice> read() {
        Map<String, Choice> choices = new LinkedHashMap<>();
        try {
            for (String line : file.read()) {
                int equals = line.indexOf('=');
                int greater = line.lastIndexOf('>');
                if (equals > 0 && greater > equals) {
                    choices.put(
                            line.substring(0, equals),
                            new Choice(line.substring(equals + 1, greater), line.substring(greater + 1)));
                }
            }
            return choices;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read " + file + ".", e);
        }
    }
}
