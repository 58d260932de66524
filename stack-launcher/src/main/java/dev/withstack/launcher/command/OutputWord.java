package dev.withstack.launcher.command;

import dev.withstack.launcher.console.Suggestion;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/** Reads how to print. */
final class OutputWord implements CommandLine.ITypeConverter<OutputMode> {

    @Override
    public OutputMode convert(String word) {
        List<String> words =
                Arrays.stream(OutputMode.values()).map(OutputMode::toString).toList();
        int position = words.indexOf(word);
        if (position < 0) {
            throw new CommandLine.TypeConversionException("'" + word + "' is no way to print."
                    + Suggestion.sentence(word, words) + " There are: " + String.join(", ", words) + ".");
        }
        return OutputMode.values()[position];
    }
}
