package dev.withstack.core.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The project that a stack is built from, as an export refers to it.
 *
 * @param project its directory
 * @param target the directory that the export is put into
 */
public record SourceTree(Path project, Path target) {
    private static final long LARGEST = 1_000_000;

    public SourceTree {
        project = project.toAbsolutePath().normalize();
        target = target.toAbsolutePath().normalize();
    }

    /** Tell whether the project has this file or directory. */
    boolean has(String path) {
        return Files.exists(project.resolve(path));
    }

    /**
     * Return the texts of a file, under an empty name, or of the files of a directory, under their paths within it; none if
     * it is not there, or larger than a cluster takes for configuration.
     */
    Map<String, String> texts(String path) {
        Path source = project.resolve(path);
        Map<String, String> texts = new LinkedHashMap<>();
        try (Stream<Path> files = Files.exists(source) ? Files.walk(source) : Stream.empty()) {
            long size = 0;
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                size += Files.size(file);
                if (size > LARGEST) {
                    return Map.of();
                }
                texts.put(source.relativize(file).toString().replace('\\', '/'), Files.readString(file));
            }
            return texts;
        } catch (CharacterCodingException e) {
            return Map.of();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read '" + source + "'.", e);
        }
    }

    /**
     * Return how the export refers to a file or directory of the project, wherever both are moved to together. What is the
     * host's, named by its whole path, stays what it is.
     */
    String reference(String path) {
        Path source = project.resolve(path).normalize();
        if (Path.of(path).isAbsolute() && !source.startsWith(project)) {
            return path;
        }
        String relative = target.relativize(source).toString().replace('\\', '/');
        return relative.startsWith("..") ? relative : "./" + relative;
    }

    /** Tell whether a Dockerfile names this stage. */
    boolean hasStage(String dockerfile, String stage) {
        Path file = project.resolve(dockerfile);
        if (stage.isEmpty() || !Files.isRegularFile(file)) {
            return false;
        }
        Pattern named = Pattern.compile(
                "(?im)^\\s*FROM\\s.+\\sAS\\s+" + Pattern.quote(stage.toLowerCase(Locale.ROOT)) + "\\s*$");
        try {
            return named.matcher(Files.readString(file)).find();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read '" + file + "'.", e);
        }
    }
}
