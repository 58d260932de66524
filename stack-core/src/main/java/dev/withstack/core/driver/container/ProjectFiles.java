package dev.withstack.core.driver.container;

import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.FileMount.Access;
import dev.withstack.core.model.FileMount.Bound;
import dev.withstack.core.model.FileMount.Copied;
import dev.withstack.core.model.FileMount.FromProject;
import dev.withstack.core.model.Problem;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.VolumeMount;
import dev.withstack.core.plan.PlanRefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Looks at the files that services take from the project: whether they are there, and what is in them. */
final class ProjectFiles {
    private static final int DIGEST_LENGTH = 12;

    private final Path project;
    private final List<Problem> problems = new ArrayList<>();

    /** @param project where relative paths begin */
    ProjectFiles(Path project) {
        this.project = project;
    }

    /**
     * Return the stack with the files of the services settled. To be called once.
     *
     * @throws PlanRefusedException with all that is missing
     */
    StackDefinition settle(StackDefinition definition, Collection<String> services) {
        boolean isNothingToDo = definition.services().values().stream()
                .allMatch(service -> service.files().isEmpty()
                        && service.volumes().stream()
                                .allMatch(mount ->
                                        mount.driver().projectDirectory().isEmpty()));
        if (isNothingToDo) {
            return definition;
        }
        StackDefinition settled = definition.map(
                service -> definition.meant(service.name()).stream().anyMatch(services::contains)
                                && !(service.source() instanceof Source.External)
                        ? settle(service)
                        : service);
        if (!problems.isEmpty()) {
            throw new PlanRefusedException("Nothing was started", problems);
        }
        return settled;
    }

    private Service settle(Service service) {
        List<FileMount> settled = new ArrayList<>();
        for (FileMount file : service.files()) {
            if (file instanceof FromProject own) {
                settled.addAll(settle(service, own));
            } else if (file instanceof Bound bound) {
                Path source = absolute(bound.source());
                if (bound.access() != Access.OUTPUT) {
                    checkThere(service, source, bound.path());
                }
                settled.add(new Bound(source.toString(), bound.path(), bound.access()));
            } else {
                settled.add(file);
            }
        }
        Service located = service.files(settled).withoutVolumes();
        for (VolumeMount mount : service.volumes()) {
            located = located.volume(settle(service, mount));
        }
        return located;
    }

    private VolumeMount settle(Service service, VolumeMount mount) {
        return mount.driver()
                .projectDirectory()
                .map(this::absolute)
                .map(directory -> {
                    checkThere(service, directory, mount.path());
                    return mount.madeBy(mount.driver().at(directory.toString()));
                })
                .orElse(mount);
    }

    /** Make the directories that a service writes to and the project has not, for everybody to write to. */
    static void makeOutputs(Service settled) {
        for (FileMount file : settled.files()) {
            if (file instanceof Bound bound && bound.access() == Access.OUTPUT) {
                makeOutput(Path.of(bound.source()));
            }
        }
    }

    private static void makeOutput(Path directory) {
        try {
            if (!Files.exists(directory)) {
                Files.createDirectories(directory);
                if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
                    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't make '" + directory + "'.", e);
        }
    }

    private List<? extends FileMount> settle(Service service, FromProject own) {
        Path source = absolute(own.source());
        List<Copied> copies = copies(source, own.path());
        if (copies.isEmpty() && own.otherwise().isEmpty()) {
            checkThere(service, source, own.path());
        }
        return copies.isEmpty() ? own.otherwise() : copies;
    }

    private void checkThere(Service service, Path source, String path) {
        if (!Files.exists(source)) {
            problems.add(new Problem(
                    service.name(),
                    "gets '" + source + "' at " + path + ", and there is no such file or directory.",
                    "Create it, or point at the project with --project."));
        }
    }

    private Path absolute(String source) {
        return project.resolve(source).toAbsolutePath().normalize();
    }

    private static List<Copied> copies(Path source, String path) {
        try (Stream<Path> files = Files.exists(source) ? Files.walk(source) : Stream.empty()) {
            return files.filter(Files::isRegularFile)
                    .sorted()
                    .map(file -> new Copied(file.toString(), pathOf(file, source, path), digest(file)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read '" + source + "'.", e);
        }
    }

    private static String pathOf(Path file, Path source, String path) {
        StringBuilder at = new StringBuilder(path);
        if (!file.equals(source)) {
            source.relativize(file).forEach(name -> at.append('/').append(name));
        }
        return at.toString();
    }

    private static String digest(Path file) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(hash).substring(0, DIGEST_LENGTH) + (Files.isExecutable(file) ? "*" : "");
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read '" + file + "'.", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
