package dev.withstack.launcher.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
        plain.stack = Optional.of(stackName);
        plain.project = project;
        plain.set = set;
        plain.output = OutputMode.PLAIN;
        return plain;
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
