package dev.withstack.launcher.command;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options that every command has. Filled in by picocli. */
public final class CommonOptions {
    @Option(
            names = "--stack",
            paramLabel = "NAME",
            completionCandidates = StackNames.class,
            description = "the stack; else STACK in the environment or .env, else what the directory shows it to be")
    Optional<String> stack = Optional.empty();

    @Option(
            names = "--profiles",
            paramLabel = "JAR",
            description = "a jar with stacks of your own, besides those that ship; STACK_PROFILES does the same")
    List<Path> profiles = new ArrayList<>();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "a Compose file instead of a stack that ships; several override each other in their order")
    List<Path> file = new ArrayList<>();

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "with --file: start the services of this profile too; several, or * for all")
    List<String> profile = new ArrayList<>();

    @Option(
            names = "--project",
            paramLabel = "DIR",
            description = "the project's directory; the current one unless given")
    Optional<Path> project = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "set a setting, stronger than .env and environment")
    Map<String, String> set = new LinkedHashMap<>();

    @Option(
            names = "--output",
            paramLabel = "HOW",
            converter = OutputWord.class,
            description = "auto, tty, plain, json (one event a line) or quiet")
    OutputMode output = OutputMode.AUTO;

    @Option(names = "--no-color", description = "no colours; NO_COLOR in the environment does the same")
    boolean noColor;

    @Option(names = "--stacktrace", description = "show where in the program a failure came from")
    boolean stacktrace;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show what the command does and takes")
    boolean help;

    /** Return the same for the stack of that name, printing as to a file. */
    CommonOptions plain(String stackName) {
        CommonOptions plain = new CommonOptions();
        plain.stack = file.isEmpty() ? Optional.of(stackName) : Optional.empty();
        plain.file = file;
        plain.profile = profile;
        plain.profiles = profiles;
        plain.project = project;
        plain.set = set;
        plain.output = OutputMode.PLAIN;
        return plain;
    }

    /** Return the jars with stacks of the user's own, those that the environment names too. */
    public List<Path> profiles(Map<String, String> environment) {
        List<Path> all = new ArrayList<>(profiles);
        String named = environment.getOrDefault("STACK_PROFILES", "");
        Stream.of(named.split(File.pathSeparator))
                .filter(path -> !path.isEmpty())
                .map(Path::of)
                .forEach(all::add);
        return all;
    }

    /** Return how to print. */
    public OutputMode output() {
        return output;
    }

    /** Tell whether colours were refused. */
    public boolean refusesColour() {
        return noColor;
    }

    /** Tell whether a failure is to be shown with its origin in the program. */
    public boolean wantsStacktrace() {
        return stacktrace;
    }
}
