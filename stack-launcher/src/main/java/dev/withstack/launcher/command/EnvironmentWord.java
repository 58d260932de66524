package dev.withstack.launcher.command;

import dev.withstack.core.model.Environment;
import dev.withstack.launcher.console.Suggestion;
import java.util.Optional;
import picocli.CommandLine;

/** Reads the name of an environment. */
final class EnvironmentWord implements CommandLine.ITypeConverter<Environment> {
    @Override
    public Environment convert(String word) {
        return find(word)
                .orElseThrow(() -> new CommandLine.TypeConversionException("'" + word + "' is no environment."
                        + Suggestion.sentence(
                                word,
                                Environment.LASTING.stream()
                                        .map(Environment::id)
                                        .toList())
                        + " There are: dev, stage, prod."));
    }

    static Optional<Environment> find(String word) {
        return Environment.LASTING.stream()
                .filter(environment -> environment.id().equals(word))
                .findFirst();
    }
}
