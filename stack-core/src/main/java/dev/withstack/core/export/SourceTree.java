package dev.withstack.core.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The project that a stack is built from, as an export refers to it.
 *
 * @param project its directory
 * @param target the directory that the export is put into
 */
public record SourceTree(Path project, Path target) {
    public SourceTree {
        project = project.toAbsolutePath().normalize();
        target = target.toAbsolutePath().normalize();
    }

    /** Tell whether the project has this file or directory. */
    boolean has(String path) {
        return Files.exists(project.resolve(path));
    }

    /** Return how the export refers to a file or directory of the project, wherever both are moved to together. */
    String reference(String path) {
        String relative =
                target.relativize(project.resolve(path).normalize()).toString().replace('\\', '/');
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
