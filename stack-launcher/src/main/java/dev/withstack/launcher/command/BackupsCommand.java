package dev.withstack.launcher.command;

import dev.withstack.core.data.Backup;
import dev.withstack.core.model.Sizes;
import dev.withstack.launcher.console.JsonText;
import dev.withstack.launcher.console.Suggestion;
import dev.withstack.launcher.console.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/** Looks after the backups that were taken. Works without an engine. */
@Command(
        name = "backups",
        description = {
            "list: show the backups of the stack. verify: read them, or those named, and compare every file with the"
                    + " manifest.",
            "prune: remove what --keep-hourly and --keep-daily don't keep. Works without an engine."
        })
final class BackupsCommand extends StackCommand {
    private static final List<String> VERBS = List.of("list", "verify", "prune");

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description = "where backups are kept; backups/ of the project unless given")
    Optional<Path> from = Optional.empty();

    @Mixin
    KeepOptions keep = new KeepOptions();

    @Parameters(paramLabel = "[STACK] list|verify|prune [BACKUP]", description = "what to do; list unless given")
    List<String> words = new ArrayList<>();

    @Override
    public boolean takes(List<String> given) {
        words.addAll(given);
        return true;
    }

    @Override
    public ExitCode run(Session session) {
        List<String> rest = session.take(words);
        String verb = rest.isEmpty() ? "list" : rest.get(0);
        List<String> names = rest.isEmpty() ? List.of() : rest.subList(1, rest.size());
        BackupShelf shelf = new BackupShelf(session, from);
        return switch (verb) {
            case "list" -> list(session, shelf);
            case "verify" -> verify(session, shelf, names);
            case "prune" -> prune(shelf);
            default ->
                throw CommandFailedException.usage("'" + verb + "' is nothing that is done with backups: "
                        + String.join(", ", VERBS) + "." + Suggestion.sentence(verb, VERBS));
        };
    }

    private static ExitCode list(Session session, BackupShelf shelf) {
        Table table = new Table("BACKUP", "ENVIRONMENT", "TAKEN", "SIZE", "SERVICES");
        List<Backup> backups = shelf.all();
        for (Backup backup : backups) {
            if (session.output() == OutputMode.JSON) {
                session.console().line(JsonText.of(BackupShelf.fields(backup)));
            }
            table.row(
                    backup.name(),
                    backup.manifest().environment(),
                    backup.manifest().taken().toString(),
                    Sizes.text(backup.manifest().size()),
                    String.join(", ", BackupShelf.services(backup)));
        }
        if (session.output() != OutputMode.JSON) {
            if (backups.isEmpty()) {
                session.console()
                        .line("There are no backups of " + session.profile().name() + " in '" + shelf.directory()
                                + "'.");
            } else {
                table.lines(session.console().style()).forEach(session.console()::line);
            }
        }
        shelf.damaged().forEach(path -> session.remark("Damaged: " + path));
        return ExitCode.OK;
    }

    private static ExitCode verify(Session session, BackupShelf shelf, List<String> names) {
        ExitCode exitCode = ExitCode.OK;
        List<Backup> backups =
                names.isEmpty() ? shelf.all() : names.stream().map(shelf::named).toList();
        for (Backup backup : backups) {
            List<String> problems = problems(backup);
            tell(session, backup.name(), problems);
            exitCode = problems.isEmpty() ? exitCode : ExitCode.FAILED;
        }
        if (names.isEmpty()) {
            for (Path damaged : shelf.damaged()) {
                tell(session, String.valueOf(damaged.getFileName()), List.of("its manifest was altered or cut off"));
                exitCode = ExitCode.FAILED;
            }
        }
        return exitCode;
    }

    private static List<String> problems(Backup backup) {
        try {
            return backup.problems();
        } catch (IOException e) {
            throw new UncheckedIOException("The backup '" + backup.directory() + "' can't be read.", e);
        }
    }

    private static void tell(Session session, String name, List<String> problems) {
        if (session.output() == OutputMode.JSON) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("event", "verified");
            fields.put("name", name);
            fields.put("problems", problems);
            session.console().line(JsonText.of(fields));
        } else if (problems.isEmpty()) {
            session.console().line(name + ": whole");
        } else {
            problems.forEach(problem -> session.console().line(name + ": " + problem));
        }
    }

    private ExitCode prune(BackupShelf shelf) {
        shelf.prune(keep.retention()
                .orElseThrow(() -> CommandFailedException.usage("prune removes what is not kept: say what is, such as"
                        + " with --keep-hourly 24 --keep-daily 30. Nothing was removed.")));
        return ExitCode.OK;
    }
}
