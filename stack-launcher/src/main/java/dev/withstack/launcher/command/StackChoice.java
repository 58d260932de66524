package dev.withstack.launcher.command;

import dev.withstack.core.compose.ComposeFile;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import dev.withstack.launcher.console.Suggestion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out which stack is meant. */
final class StackChoice {
    private static final String VARIABLE = "STACK";
    private static final String USUAL = "frostbyte";

    private final Surroundings surroundings;
    private final Profiles profiles;

    StackChoice(Surroundings surroundings, Profiles profiles) {
        this.surroundings = surroundings;
        this.profiles = profiles;
    }

    /** Choose by name, else by STACK in the environment or {@code .env}, else by the directory, else the usual one. */
    ChosenStack choose(Optional<String> named, Path directory) {
        if (named.isPresent()) {
            return new ChosenStack(find(named.get(), ""), "");
        }
        String fromProcess = surroundings.environment().getOrDefault(VARIABLE, "");
        if (!fromProcess.isEmpty()) {
            return new ChosenStack(find(fromProcess, " (STACK in the environment)"), "");
        }
        Optional<String> fromFile = inDotEnv(directory);
        if (fromFile.isPresent()) {
            return new ChosenStack(find(fromFile.get(), " (STACK in .env)"), "");
        }
        return byDirectory(directory);
    }

    /** Take the Compose files that were named, for a stack of its own. */
    ChosenStack ofComposeFile(CommonOptions options) {
        if (options.stack.isPresent()) {
            throw CommandFailedException.usage("--stack and --file name two stacks: say one.");
        }
        List<Path> files = options.file.stream()
                .map(file -> surroundings.directory().resolve(file).normalize())
                .toList();
        files.stream().filter(file -> !Files.isRegularFile(file)).findFirst().ifPresent(file -> {
            throw CommandFailedException.usage("There is no file '" + file + "' (--file).");
        });
        Path beside = ComposeFile.directoryOf(files.get(0));
        Settings settings = Settings.read(Environment.DEV, beside, surroundings.environment(), options.set);
        return new ChosenStack(ComposeFile.of(files, settings).withProfiles(options.profile), "");
    }

    private ChosenStack byDirectory(Path directory) {
        for (StackProfile profile : profiles.all()) {
            if (Project.isMarked(profile, Project.homeOf(profile, directory))) {
                return new ChosenStack(profile, "the directory has " + String.join(" and ", profile.marks()) + ".");
            }
        }
        Optional<StackProfile> usual = profiles.named(USUAL);
        if (usual.isEmpty() && profiles.all().isEmpty()) {
            throw new CommandFailedException(ExitCode.INTERNAL, "No stack can be found on the class path.");
        }
        return new ChosenStack(usual.orElseGet(() -> profiles.all().get(0)), "none was named.");
    }

    /** A malformed file is reported by whoever needs its settings; stopping a stack must not fail for it. */
    private static Optional<String> inDotEnv(Path directory) {
        if (!Files.isRegularFile(directory.resolve(".env"))) {
            return Optional.empty();
        }
        try {
            return Settings.read(Environment.DEV, directory, Map.of(), Map.of()).given(VARIABLE);
        } catch (InvalidDefinitionException e) {
            return Optional.empty();
        }
    }

    private StackProfile find(String name, String origin) {
        return profiles.named(name)
                .orElseThrow(() -> CommandFailedException.usage("There is no stack '" + name + "'" + origin + "."
                        + Suggestion.sentence(name, profiles.names()) + " Stacks: "
                        + String.join(", ", profiles.names()) + "."));
    }
}
