package dev.withstack.launcher;

import dev.withstack.launcher.command.Commands;
import dev.withstack.launcher.command.CommonOptions;
import dev.withstack.launcher.command.ExitCode;
import dev.withstack.launcher.command.OutputMode;
import dev.withstack.launcher.command.ProgramEndedException;
import dev.withstack.launcher.command.Session;
import dev.withstack.launcher.command.StackCommand;
import dev.withstack.launcher.command.Surroundings;
import dev.withstack.launcher.console.Console;
import dev.withstack.launcher.console.Style;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads a command line, runs its command and returns the exit code. Used for one run after the other. */
public final class Program {
    static final String NAME = "stack";

    private final Surroundings surroundings;

    public Program(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Run what the arguments ask for; never throws, never ends the process. */
    public int run(String... arguments) {
        Arguments read = Arguments.read(List.of(arguments));
        return switch (read.kind()) {
            case HELP -> say(new Said(ExitCode.OK, Overview.text(), ""));
            case VERSION -> say(new Said(ExitCode.OK, version(), ""));
            case COMPLETION -> say(Parser.completion());
            case COMMAND -> run(read);
            case UNKNOWN -> say(unknown(read.command()));
        };
    }

    private int run(Arguments read) {
        Commands.Entry entry = Commands.named(read.command()).orElseThrow();
        StackCommand command = entry.maker().get();
        if (!read.areWords() || !command.takes(read.rest())) {
            Optional<Said> said = new Parser(entry.name(), command).read(read.rest(), surroundings);
            if (said.isPresent()) {
                return say(said.get());
            }
        }
        return run(
                command,
                new Console(
                        surroundings.out(),
                        surroundings.err(),
                        styleOf(command, surroundings.terminal().showsOutput()),
                        styleOf(command, surroundings.terminal().showsErrors())));
    }

    private int run(StackCommand command, Console console) {
        try (Session session = new Session(withProfiles(command.common()), console, command.common())) {
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

    private Surroundings withProfiles(CommonOptions options) {
        List<Path> jars = options.profiles(surroundings.environment()).stream()
                .map(surroundings.directory()::resolve)
                .toList();
        return jars.isEmpty()
                ? surroundings
                : surroundings.with(
                        new Once<>(() -> ProfileJars.and(surroundings.profiles().get(), jars)));
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

    private int say(Said said) {
        surroundings.out().print(said.out());
        surroundings.out().flush();
        surroundings.err().print(said.err());
        surroundings.err().flush();
        return said.exitCode().code();
    }

    private static String version() {
        String version = Program.class.getPackage().getImplementationVersion();
        return "withstack " + (version == null ? "(not packaged)" : version) + ", Java "
                + Runtime.version().feature() + "\n";
    }

    private Said unknown(String word) {
        return new Said(
                ExitCode.USAGE,
                "",
                Overview.unknown(word, surroundings.profiles().get().names()) + "\n");
    }

    private Style styleOf(StackCommand command, boolean isShown) {
        boolean isRefused = command.common().refusesColour()
                || !surroundings.environment().getOrDefault("NO_COLOR", "").isEmpty();
        boolean isForced = command.common().output() == OutputMode.TTY;
        boolean isText =
                command.common().output() != OutputMode.JSON && command.common().output() != OutputMode.PLAIN;
        return (isShown || isForced) && isText && !isRefused ? Style.COLOURED : Style.PLAIN;
    }
}
