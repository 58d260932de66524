package dev.withstack.launcher;

import dev.withstack.launcher.console.Suggestion;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in our own words what is wrong with a command line. */
final class UsageMessage {
    private final ParameterException problem;

    UsageMessage(ParameterException problem) {
        this.problem = problem;
    }

    String text() {
        CommandSpec command = problem.getCommandLine().getCommandSpec();
        if (problem instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String word = unmatched.getUnmatched().get(0);
            List<String> options =
                    command.options().stream().map(OptionSpec::longestName).toList();
            String kind = word.startsWith("-") ? " has no option '" : " does not take '";
            return "'" + command.name() + "'" + kind + word + "'." + Suggestion.sentence(word, options) + " See "
                    + command.name() + " --help.";
        }
        String message = String.valueOf(problem.getMessage());
        return message + (message.endsWith(".") ? "" : ".") + " See " + command.name() + " --help.";
    }
}
