package dev.withstack.core.export;

import dev.withstack.core.model.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
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

    /** Return the same project, as an export in a directory of this one's refers to it. */
    SourceTree into(String directory) {
        return new SourceTree(project, target.resolve(directory));
    }

    /** Tell whether the project has this file or directory. */
    boolean has(String path) {
        return Files.exists(project.resolve(path));
    }

    /**
     * Return the contents of a file, under an empty name, or of the files of a directory, under their paths within it; none if
     * it is not there, or larger.
     */
    Map<String, byte[]> contents(String path, long largest) {
        Path source = project.resolve(path);
        Map<String, byte[]> contents = new LinkedHashMap<>();
        try (Stream<Path> files = Files.exists(source) ? Files.walk(source) : Stream.empty()) {
            long size = 0;
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                size += Files.size(file);
                if (size > largest) {
                    return Map.of();
                }
                contents.put(source.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
            return contents;
        } catch (IOException e) {
            throw unreadable(source, e);
        }
    }

    /** Return who may read or run a file, as its permissions say. */
    Export.Readers readers(String path) {
        Path source = project.resolve(path);
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(source, PosixFileAttributeView.class);
            if (view != null && !view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ)) {
                return Export.Readers.OWNER;
            }
            return Files.isExecutable(source) ? Export.Readers.EVERYBODY_RUNS : Export.Readers.EVERYBODY;
        } catch (IOException e) {
            throw unreadable(source, e);
        }
    }

    /** Return the same as texts; none also if one is no text, or all are larger than a cluster takes for configuration. */
    Map<String, String> texts(String path) {
        Map<String, String> texts = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, byte[]> file : contents(path, LARGEST).entrySet()) {
                texts.put(
                        file.getKey(),
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(file.getValue()))
                                .toString());
            }
            return texts;
        } catch (CharacterCodingException e) {
            return Map.of();
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

    /** Tell whether the Dockerfile of a build names the stage that it asks for. */
    boolean hasStage(Source.Build build) {
        if (build.target().isEmpty()) {
            return false;
        }
        Pattern named = Pattern.compile(
                "(?im)^\\s*FROM\\s.+\\sAS\\s+" + Pattern.quote(build.target().toLowerCase(Locale.ROOT)) + "\\s*$");
        return named.matcher(dockerfile(build)).find();
    }

    private String dockerfile(Source.Build build) {
        Path file = project.resolve(build.directory()).resolve(build.dockerfile());
        if (!build.inline().isEmpty() || !Files.isRegularFile(file)) {
            return build.inline();
        }
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static UncheckedIOException unreadable(Path source, IOException cause) {
        return new UncheckedIOException("Can't read '" + source + "'.", cause);
    }
}
