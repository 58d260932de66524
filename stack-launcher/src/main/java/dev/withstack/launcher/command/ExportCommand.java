package dev.withstack.launcher.command;

import dev.withstack.core.export.Export;
import dev.withstack.core.export.SourceTree;
import dev.withstack.launcher.console.Console;
import dev.withstack.launcher.console.JsonText;
import dev.withstack.launcher.console.Suggestion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a stack down for another engine. */
@Command(
        name = "export",
        description = {
            "Write the stack as files for Docker Compose, a swarm or Kubernetes, with the settings of the environment: the edges,"
                    + " health checks, limits, volumes, networks and files come along, secrets stand in a file of their own."
                    + " Ends with what the other engine does not do as the stack means it. Works without an engine."
        })
final class ExportCommand extends StackCommand {
    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "where the files are put; <stack>-<environment>-<format> unless given")
    Optional<Path> out = Optional.empty();

    @Option(names = "--strict", description = "write nothing, and fail, if anything is lost")
    boolean strict;

    @Parameters(
            paramLabel = "FORMAT|STACK",
            completionCandidates = StackNames.class,
            description = "compose, swarm or kubernetes; the stack")
    List<String> words = new ArrayList<>();

    @Override
    public boolean takes(List<String> given) {
        words.addAll(given);
        return true;
    }

    @Override
    public ExitCode run(Session session) {
        List<String> rest = new ArrayList<>(words);
        ExportFormat format = takeFormat(rest, session);
        session.in(environment).words().takeStackOnly(rest);
        session.sayProject();
        Path target = out.orElseGet(() -> Path.of(session.id().prefix() + "-" + format.word()));
        SourceTree sources = new SourceTree(session.project().directory(), target);
        Export export = format.export(session.definition(), sources, session.settings()::namesOfSecret);
        if (strict && !export.losses().isEmpty()) {
            tellLosses(session, format, export);
            throw new CommandFailedException(
                    ExitCode.INVALID, "Nothing was written: --strict takes no loss, and there are the above.");
        }
        checkTarget(target, format, export);
        export.files().forEach((name, file) -> write(target.resolve(name), file));
        tell(session, target, format, export);
        return ExitCode.OK;
    }

    /** Before or behind the stack: nobody remembers which. */
    private static ExportFormat takeFormat(List<String> words, Session session) {
        for (String word : words) {
            Optional<ExportFormat> format = ExportFormat.named(word);
            if (format.isPresent()) {
                words.remove(word);
                return format.get();
            }
        }
        String meant = words.stream()
                .map(word -> Suggestion.sentence(word, ExportFormat.names()))
                .filter(sentence -> !sentence.isEmpty())
                .findFirst()
                .orElse("");
        throw CommandFailedException.usage("export needs to know for what, as in: export compose "
                + session.profile().name() + "." + meant + " It can write: "
                + String.join(", ", ExportFormat.names()) + ".");
    }

    /** What somebody wrote by hand is not written over: what stands beside a file of ours is ours, but for settings. */
    private static void checkTarget(Path target, ExportFormat format, Export export) {
        boolean isOurs = isWrittenByExport(target.resolve(format.file()));
        for (String name : export.files().keySet()) {
            Path existing = target.resolve(name);
            boolean isOwn = isOurs && (!name.endsWith(".env") || isWrittenByExport(existing));
            if (Files.exists(existing) && !isOwn) {
                throw CommandFailedException.usage("'" + existing
                        + "' is there already and was not written by this export: put it elsewhere with --out.");
            }
        }
    }

    private static boolean isWrittenByExport(Path file) {
        return Files.isRegularFile(file) && Export.hasWritten(read(file));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' can't be read.", e);
        }
    }

    private static void write(Path path, Export.File file) {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.deleteIfExists(path);
            switch (file.readers()) {
                case OWNER -> OwnFile.write(path, file.text());
                case EVERYBODY -> Files.writeString(path, file.text());
                case EVERYBODY_RUNS -> {
                    Files.writeString(path, file.text());
                    path.toFile().setExecutable(true, false);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("'" + path + "' can't be written.", e);
        }
    }

    private static void tell(Session session, Path target, ExportFormat format, Export export) {
        Console console = session.console();
        switch (session.output()) {
            case QUIET -> {}
            case JSON -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("event", "exported");
                fields.put("directory", target.toString());
                fields.put("files", List.copyOf(export.files().keySet()));
                fields.put(
                        "losses", export.losses().stream().map(Object::toString).toList());
                console.line(JsonText.of(fields));
            }
            case AUTO, PLAIN, TTY -> {
                export.files()
                        .forEach((name, file) -> console.line("Wrote " + target.resolve(name)
                                + (file.readers() == Export.Readers.OWNER ? ", for your eyes only" : "")));
                tellLosses(session, format, export);
                tellStart(session, target, format);
            }
        }
    }

    private static void tellStart(Session session, Path target, ExportFormat format) {
        String start = format.start(target, session.id());
        session.definition()
                .base()
                .ifPresentOrElse(
                        base -> {
                            session.console()
                                    .line("Start with: " + format.start(target.resolve(Export.BASE), base.id()));
                            session.console().line("and then: " + start);
                        },
                        () -> session.console().line("Start with: " + start));
    }

    private static void tellLosses(Session session, ExportFormat format, Export export) {
        if (!export.losses().isEmpty() && session.output() != OutputMode.JSON) {
            session.console().line("What " + format.title() + " does not do as the stack means it:");
            export.losses().forEach(loss -> session.console().line("  " + loss));
        }
    }
}
