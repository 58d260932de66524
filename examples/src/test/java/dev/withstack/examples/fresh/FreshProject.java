package dev.withstack.examples.fresh;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Maven project of its own, in a directory of its own, that knows withstack only by the artifacts that this build has made,
 * as somebody's who has installed them. Nothing is downloaded: all else is what this build itself has used.
 */
final class FreshProject {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> MODULES = List.of("stack-core", "stack-profiles", "stack-junit");
    private static final Pattern PLACE = Pattern.compile("@([a-z-]+)\\.version@");

    private final Path directory;
    private final Path repository;

    private FreshProject(Path directory, Path repository) {
        this.directory = directory;
        this.repository = repository;
    }

    /** What Maven said, and how it ended. */
    record Outcome(int exitCode, String output) {
        @Override
        public String toString() {
            return "exit code " + exitCode + "\n" + output;
        }
    }

    /** Lay out the project of {@code src/test/projects} with that name below an empty directory. */
    static FreshProject of(String name, Path empty) throws IOException {
        Path from = Path.of("src", "test", "projects", name);
        Path directory = empty.resolve(name);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = directory.resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.writeString(to, filled(Files.readString(file)));
            }
        }
        Path repository = empty.resolve("repository");
        installInto(repository);
        return new FreshProject(directory, repository);
    }

    Path directory() {
        return directory;
    }

    /** Run Maven in it, and wait for its end. */
    Outcome maven(String... arguments) throws IOException, InterruptedException {
        int exitCode = begin(arguments).waitFor();
        return new Outcome(exitCode, Files.readString(directory.resolve("maven.log")));
    }

    /** Let Maven run in it. */
    Process begin(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ROOT.resolve("mvnw").toString(),
                "--batch-mode",
                "--no-transfer-progress",
                "--offline",
                "-Dmaven.repo.local=" + repository,
                "-Dmaven.repo.local.tail=" + usualRepository(),
                "-Dmaven.repo.local.tail.ignoreAvailability=true",
                "-DargLine=-Dwithstack.images=" + System.getProperty("withstack.images", "auto")));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("maven.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("CI", "true");
        return builder.start();
    }

    /** The place of an artifact that is on this test's class path says where the others are. */
    private static Path usualRepository() {
        String group = File.separator + Path.of("org", "assertj", "assertj-core") + File.separator;
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(path -> path.contains(group))
                .map(path -> Path.of(path.substring(0, path.indexOf(group))))
                .findFirst()
                .orElseThrow();
    }

    private static void installInto(Path repository) throws IOException {
        String version = version("withstack");
        Path group = repository.resolve(Path.of("dev", "withstack"));
        copy(ROOT.resolve("pom.xml"), group.resolve(Path.of("withstack", version, "withstack-" + version + ".pom")));
        for (String module : MODULES) {
            Path artifact = group.resolve(Path.of(module, version, module + "-" + version));
            copy(ROOT.resolve(module).resolve("pom.xml"), Path.of(artifact + ".pom"));
            copy(ROOT.resolve(Path.of(module, "target", module + "-" + version + ".jar")), Path.of(artifact + ".jar"));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to);
    }

    private static String filled(String text) throws IOException {
        StringBuilder filled = new StringBuilder();
        Matcher place = PLACE.matcher(text);
        while (place.find()) {
            place.appendReplacement(filled, version(place.group(1)));
        }
        return place.appendTail(filled).toString();
    }

    /** Return a version as this build's own pom.xml has it. */
    private static String version(String of) throws IOException {
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        String where =
                switch (of) {
                    case "withstack" -> "<artifactId>withstack</artifactId>\\s*<version>([^<]+)<";
                    case "resources", "compiler", "surefire" ->
                        "<artifactId>maven-" + of + "-plugin</artifactId>\\s*<version>([^<]+)<";
                    default -> "<" + of + "\\.version>([^<]+)<";
                };
        Matcher version = Pattern.compile(where).matcher(pom);
        if (!version.find()) {
            throw new IllegalArgumentException("The pom.xml says no version of '" + of + "'.");
        }
        return version.group(1);
    }
}
