package dev.withstack.launcher.command;

import dev.withstack.core.data.Backup;
import dev.withstack.core.model.Sizes;
import dev.withstack.launcher.console.JsonText;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes a backup of what a stack keeps, while it runs. */
@Command(
        name = "backup",
        description = {
            "Take a backup of what the stack keeps, or the services named, while it runs.",
            "It is a directory with a manifest; it has its name only when all of it is written."
        })
final class BackupCommand extends ServicesCommand {
    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "where backups are kept; backups/ of the project unless given")
    Optional<Path> to = Optional.empty();

    @Mixin
    KeepOptions keep = new KeepOptions();

    @Option(
            names = "--schedule",
            paramLabel = "FORMAT",
            description =
                    "take none, and print the lines that let ${COMPLETION-CANDIDATES} take them: hourly in prod, daily"
                            + " elsewhere")
    Optional<BackupSchedule.Format> schedule = Optional.empty();

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> services = session.words().services(session.in(environment).take(words));
        if (schedule.isPresent()) {
            String lines = new BackupSchedule(session, services, to, keep).text(schedule.get());
            session.console().line(lines);
            return ExitCode.OK;
        }
        BackupShelf shelf = new BackupShelf(session, to);
        Backup backup = Work.run(session, Work.Interrupted.TAKES_BACK, listener -> session.engine()
                .backup(session.definition(), services, shelf.directory(), listener));
        tell(session, backup);
        keep.retention().ifPresent(shelf::prune);
        return ExitCode.OK;
    }

    private static void tell(Session session, Backup backup) {
        if (session.output() == OutputMode.JSON) {
            session.console().line(JsonText.of(BackupShelf.fields(backup)));
        } else if (session.output() == OutputMode.QUIET) {
            session.console().line(backup.directory().toString());
        } else {
            session.console()
                    .line("Backed up " + String.join(", ", BackupShelf.services(backup)) + ": "
                            + Sizes.text(backup.manifest().size()) + " in " + backup.directory());
        }
    }
}
