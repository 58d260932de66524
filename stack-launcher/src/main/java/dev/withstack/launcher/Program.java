package dev.withstack.launcher;

import dev.withstack.launcher.command.Commands;
import dev.withstack.launcher.command.ExitCode;
import dev.withstack.launcher.command.OutputMode;
import dev.withstack.launcher.command.ProgramEndedException;
import dev.withstack.launcher.command.Session;
import dev.withstack.launcher.command.StackCommand;
import dev.withstack.launcher.command.StopsAtFirstWord;
import dev.withstack.launcher.command.Surroundings;
import dev.withstack.launcher.console.Console;
import dev.withstack.launcher.console.Style;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Reads a command line, runs its command and returns the exit code. Used for one run after the other. */
public final class Program {
    static final String NAME = "stack";

    private final Surroundings surroundings;

    public Program(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Run what the arguments ask for; never throws, never ends the process. */
    public int run(String... arguments) {
        Console plain = console(Style.PLAIN, Style.PLAIN);
        try {
            Arguments read = Arguments.read(List.of(arguments));
            return switch (read.kind()) {
                case HELP -> help();
                case VERSION -> version();
                case COMPLETION -> completion();
                case COMMAND -> run(read);
                case UNKNOWN -> unknown(read.command());
            };
        } catch (ParameterException e) {
            plain.error(new UsageMessage(e).text());
            return ExitCode.USAGE.code();
        }
    }

    private int run(Arguments read) {
        Commands.Entry entry = Commands.named(read.command()).orElseThrow();
        StackCommand command = entry.maker().get();
        CommandLine parsed = commandLine(entry.name(), command);
        parsed.parseArgs(read.rest().toArray(String[]::new));
        if (parsed.isUsageHelpRequested()) {
            Ansi ansi = styleOf(command, surroundings.terminal().showsOutput()) == Style.COLOURED ? Ansi.ON : Ansi.OFF;
            surroundings.out().print(parsed.getUsageMessage(ansi));
            surroundings.out().flush();
            return ExitCode.OK.code();
        }
        Console console = console(
                styleOf(command, surroundings.terminal().showsOutput()),
                styleOf(command, surroundings.terminal().showsErrors()));
        return run(command, console);
    }

    private int run(StackCommand command, Console console) {
        try (Session session = new Session(surroundings, console, command.common())) {
            return command.run(session).code();
        } catch (ProgramEndedException e) {
            return e.code();
        } catch (InterruptedException | RuntimeException | StackOverflowError e) {
            Failure failure = Failure.of(e);
            tell(failure, command, console);
            return failure.exitCode().code();
        } finally {
            console.flush();
        }
    }

    private static void tell(Failure failure, StackCommand command, Console console) {
        if (failure.text().isEmpty()) {
            return;
        }
        if (command.common().output() == OutputMode.JSON) {
            console.line(failure.json());
        }
        console.error(failure.coloured(console.errorStyle()));
        if (command.common().wantsStacktrace()) {
            StringWriter trace = new StringWriter();
            failure.cause().printStackTrace(new PrintWriter(trace));
            console.error(trace.toString());
        } else if (failure.exitCode() == ExitCode.INTERNAL) {
            console.error("This is a fault of the launcher's own; --stacktrace shows where.");
        }
    }

    /** Return the parser of one command alone: the others are not loaded. */
    static CommandLine commandLine(String name, StackCommand command) {
        CommandLine parser = new CommandLine(command);
        parser.getCommandSpec().name(NAME + " " + name);
        parser.setStopAtPositional(command instanceof StopsAtFirstWord);
        return prepared(parser);
    }

    private static CommandLine prepared(CommandLine parser) {
        parser.setCaseInsensitiveEnumValuesAllowed(true);
        parser.setAbbreviatedOptionsAllowed(false);
        parser.setUsageHelpAutoWidth(false);
        parser.setUnmatchedOptionsArePositionalParams(false);
        parser.getCommandSpec().usageMessage().abbreviateSynopsis(true);
        parser.getCommandSpec().usageMessage().sortOptions(false);
        return parser;
    }

    private int help() {
        console(Style.PLAIN, Style.PLAIN).print(Overview.text());
        return ExitCode.OK.code();
    }

    private int version() {
        String version = Program.class.getPackage().getImplementationVersion();
        console(Style.PLAIN, Style.PLAIN)
                .line("withstack " + (version == null ? "(not packaged)" : version) + ", Java "
                        + Runtime.version().feature());
        return ExitCode.OK.code();
    }

    private int completion() {
        CommandLine root = new CommandLine(CommandSpec.create().name(NAME));
        Commands.all()
                .forEach(entry -> root.addSubcommand(
                        entry.name(), prepared(new CommandLine(entry.maker().get()))));
        surroundings.out().print(picocli.AutoComplete.bash(NAME, root));
        surroundings.out().flush();
        return ExitCode.OK.code();
    }

    private int unknown(String word) {
        console(Style.PLAIN, Style.PLAIN)
                .error(Overview.unknown(word, surroundings.profiles().get().names()));
        return ExitCode.USAGE.code();
    }

    private Style styleOf(StackCommand command, boolean isShown) {
        boolean isRefused = command.common().refusesColour()
                || !surroundings.environment().getOrDefault("NO_COLOR", "").isEmpty();
        boolean isForced = command.common().output() == OutputMode.TTY;
        boolean isText =
                command.common().output() != OutputMode.JSON && command.common().output() != OutputMode.PLAIN;
        return (isShown || isForced) && isText && !isRefused ? Style.COLOURED : Style.PLAIN;
    }

    private Console console(Style style, Style errorStyle) {
        return new Console(surroundings.out(), surroundings.err(), style, errorStyle);
    }
}
