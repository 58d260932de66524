package dev.withstack.launcher;

import dev.withstack.launcher.command.Commands;
import dev.withstack.launcher.command.ExitCode;
import dev.withstack.launcher.command.StackCommand;
import dev.withstack.launcher.command.StopsAtFirstWord;
import dev.withstack.launcher.command.Surroundings;
import java.util.List;
import java.util.Optional;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Reads the options of one command with picocli. The other commands are not loaded. */
final class Parser {
    private final StackCommand command;
    private final CommandLine parser;

    Parser(String name, StackCommand command) {
        this.command = command;
        this.parser = prepared(command);
        parser.getCommandSpec().name(Program.NAME + " " + name);
    }

    /** Fill the command in; return what there is to say instead, if anything. */
    Optional<Said> read(List<String> arguments, Surroundings surroundings) {
        try {
            parser.parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException e) {
            return Optional.of(new Said(ExitCode.USAGE, "", new UsageMessage(e).text() + "\n"));
        }
        if (!parser.isUsageHelpRequested()) {
            return Optional.empty();
        }
        boolean isColoured = surroundings.terminal().showsOutput()
                && !command.common().refusesColour()
                && surroundings.environment().getOrDefault("NO_COLOR", "").isEmpty();
        return Optional.of(new Said(ExitCode.OK, parser.getUsageMessage(isColoured ? Ansi.ON : Ansi.OFF), ""));
    }

    /** Return the script by which a shell completes command lines. */
    static Said completion() {
        CommandLine root = new CommandLine(CommandSpec.create().name(Program.NAME));
        Commands.all()
                .forEach(entry ->
                        root.addSubcommand(entry.name(), prepared(entry.maker().get())));
        return new Said(ExitCode.OK, AutoComplete.bash(Program.NAME, root), "");
    }

    private static CommandLine prepared(StackCommand command) {
        CommandLine parser = new CommandLine(command);
        parser.setStopAtPositional(command instanceof StopsAtFirstWord);
        parser.setCaseInsensitiveEnumValuesAllowed(true);
        parser.setAbbreviatedOptionsAllowed(false);
        parser.setUsageHelpAutoWidth(false);
        parser.setUnmatchedOptionsArePositionalParams(false);
        parser.getCommandSpec().usageMessage().abbreviateSynopsis(true);
        parser.getCommandSpec().usageMessage().sortOptions(false);
        return parser;
    }
}
