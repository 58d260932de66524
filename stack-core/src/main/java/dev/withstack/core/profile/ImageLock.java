package dev.withstack.core.profile;

import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.Ordered;
import dev.withstack.core.model.Problem;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The file beside {@code .env} that says which image a name stood for when it was locked, so that every later start runs
 * exactly that. An image that no registry knows has no digest; its id is written down to be compared, and pins nothing.
 *
 * @param images by the name that the definition asks for: {@code sha256:…} of a registry, or {@code id sha256:…}
 */
public record ImageLock(Map<String, String> images) {
    /** The name of the file. */
    public static final String FILE = "images.lock";

    /** Before the id of an image without a digest. */
    public static final String ID = "id ";

    private static final Pattern LINE = Pattern.compile("\\S+ = (id \\S+|sha256:[0-9a-f]{64})");

    public ImageLock {
        images = Ordered.copyOf(images);
    }

    /**
     * Read the file of the directory; nothing is locked where there is none.
     *
     * @throws InvalidDefinitionException if a line is not understood
     */
    public static ImageLock read(Path directory) {
        Path file = directory.resolve(FILE);
        Map<String, String> images = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            if (LINE.matcher(line).matches()) {
                int equals = line.indexOf(" = ");
                images.put(line.substring(0, equals), line.substring(equals + 3));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                problems.add(new Problem(
                        FILE + ":" + number, "'" + line + "' is not understood.", "Write it anew with: lock --update"));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidDefinitionException("The images are not locked as '" + file + "' says", problems);
        }
        return new ImageLock(images);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read '" + file + "'.", e);
        }
    }

    /** Return the lock with these images, instead of what it says of the same names. */
    public ImageLock with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(images);
        all.putAll(more);
        return new ImageLock(all);
    }

    /** Write it, whole or not at all. */
    public void write(Path directory) {
        List<String> lines = new ArrayList<>(List.of(
                "# Which images run for the names that definitions ask for. Written by: lock",
                "# 'id': known on the machine where it was written only, and compared, not pinned."));
        images.forEach((name, digest) -> lines.add(name + " = " + digest));
        Path file = directory.resolve(FILE);
        Path draft = directory.resolve(FILE + ".new");
        try {
            Files.write(draft, lines, StandardCharsets.UTF_8);
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write '" + file + "'.", e);
        }
    }

    /** Return the definition, and that of its base, with the images pinned that have a digest here. */
    public StackDefinition applied(StackDefinition definition) {
        if (images.isEmpty()) {
            return definition;
        }
        StackDefinition own = definition.map(this::pinned);
        return own.base().map(base -> own.on(applied(base))).orElse(own);
    }

    private Service pinned(Service service) {
        if (service.source() instanceof Source.Image image) {
            String digest = images.getOrDefault(image.reference(), "");
            return digest.isEmpty() || digest.startsWith(ID)
                    ? service
                    : service.source(new Source.Image(image.reference() + "@" + digest));
        }
        return service;
    }
}
