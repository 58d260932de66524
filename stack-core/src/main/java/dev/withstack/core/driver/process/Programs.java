package dev.withstack.core.driver.process;

import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Tools;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the programs of a process: in the project's own tools, then on the {@code PATH}. Looks anew each time, as a
 * preparation may have just made what was not there.
 */
final class Programs {
    private static final List<String> BINARIES = List.of("bin", "Scripts");

    private final Path project;
    private final Tools tools;
    private final Map<String, String> environment;

    /** @param environment the process environment, for the {@code PATH} */
    Programs(Path project, Tools tools, Map<String, String> environment) {
        this.project = project;
        this.tools = tools;
        this.environment = environment;
    }

    /**
     * Return the command with its program's whole path.
     *
     * @throws DriverException if there is no such program, with where it was looked for
     */
    List<String> resolve(List<String> command) {
        List<String> resolved = new ArrayList<>(command);
        resolved.set(
                0,
                find(command.get(0)).orElseThrow(() -> notFound(command.get(0))).toString());
        return resolved;
    }

    /** Return the environment in which the project's own tools go before all others. */
    Map<String, String> environment() {
        Map<String, String> changed = new LinkedHashMap<>(environment);
        home().ifPresent(home -> {
            String path = Stream.concat(binaries(home), onPath().map(Path::toString))
                    .reduce((one, other) -> one + File.pathSeparator + other)
                    .orElse("");
            changed.put(pathVariable(), path);
            changed.put("VIRTUAL_ENV", home.toString());
        });
        return changed;
    }

    private static Stream<String> binaries(Path home) {
        return BINARIES.stream().map(home::resolve).filter(Files::isDirectory).map(Path::toString);
    }

    /** Find the program; empty if there is none. */
    Optional<Path> find(String program) {
        Optional<Path> own = home().stream()
                .flatMap(home -> BINARIES.stream().map(home::resolve))
                .flatMap(directory -> spellings(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
        return own.or(() -> tools.namesOf(program).stream().flatMap(this::named).findFirst());
    }

    private Stream<Path> named(String name) {
        boolean isPath = name.contains("/") || name.contains(File.separator);
        Stream<Path> directories = isPath ? Stream.of(project) : onPath();
        return directories.flatMap(directory -> spellings(directory, name)).filter(Programs::isProgram);
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    private Optional<Path> home() {
        return tools.homes().stream()
                .map(project::resolve)
                .filter(home -> binaries(home).findAny().isPresent())
                .map(Path::toAbsolutePath)
                .findFirst();
    }

    /** Windows finds a program by the endings that stand in {@code PATHEXT}. */
    private Stream<Path> spellings(Path directory, String name) {
        String endings = environment.getOrDefault("PATHEXT", "");
        Stream<String> ended = Stream.of(endings.split(Pattern.quote(File.pathSeparator)))
                .filter(ending -> !ending.isEmpty())
                .map(ending -> name + ending.toLowerCase(java.util.Locale.ROOT));
        return Stream.concat(Stream.of(name), ended).map(directory::resolve);
    }

    private Stream<Path> onPath() {
        return Stream.of(environment.getOrDefault(pathVariable(), "").split(Pattern.quote(File.pathSeparator)))
                .filter(directory -> !directory.isEmpty())
                .map(Path::of);
    }

    /** Windows calls it {@code Path}, and its programs call it what they like. */
    private String pathVariable() {
        return environment.keySet().stream()
                .filter(name -> name.equalsIgnoreCase("PATH"))
                .findFirst()
                .orElse("PATH");
    }

    private DriverException notFound(String program) {
        List<String> places = new ArrayList<>();
        tools.homes().forEach(home -> places.add(home + File.separator));
        places.add("the PATH (" + String.join(", ", tools.namesOf(program)) + ")");
        return new DriverException(
                DriverException.Kind.NOT_FOUND,
                "The program '" + program + "' was not found in " + String.join(", ", places) + ".",
                "install it, or put it on the PATH");
    }
}
