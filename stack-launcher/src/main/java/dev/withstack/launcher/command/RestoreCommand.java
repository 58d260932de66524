package dev.withstack.launcher.command;

import dev.withstack.core.data.Backup;
import dev.withstack.core.engine.Selection;
import dev.withstack.core.engine.UpOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts back what a backup holds, into the environment that it was taken of or another. */
@Command(
        name = "restore",
        description = {
            "Put back what a backup holds, all of it or of the services named, after asking: its name, its path, or"
                    + " 'latest'.",
            "The backup is checked first, and put beside what is there; that stays until all has arrived.",
            "The servers have to run. What uses them is stopped for the moment of the change."
        })
final class RestoreCommand extends StackCommand {
    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description = "where backups are kept; backups/ of the project unless given")
    Optional<Path> from = Optional.empty();

    @Option(names = "--yes", description = "do not ask")
    boolean yes;

    @Parameters(paramLabel = "[STACK] BACKUP [SERVICE]", description = "the backup, and which services of it")
    List<String> words = new ArrayList<>();

    @Override
    public boolean takes(List<String> given) {
        words.addAll(given);
        return true;
    }

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> rest = session.in(environment).take(words);
        if (rest.isEmpty()) {
            throw CommandFailedException.usage("Which backup? Its name, its path, or 'latest'; see them with: "
                    + session.surroundings().program() + " backups");
        }
        Backup backup = new BackupShelf(session, from).named(rest.get(0));
        List<String> services = session.words().services(rest.subList(1, rest.size()));
        checkSettings(session);
        List<String> losses = (services.isEmpty() ? BackupShelf.services(backup) : services)
                .stream().map(service -> "what " + service + " keeps now").toList();
        String what = "This replaces in " + session.id() + ", by " + backup.name() + " taken "
                + backup.manifest().taken() + ":";
        if (!new Loss(session, yes ? Loss.Consent.GIVEN : Loss.Consent.ASK).isAgreed(what, losses)) {
            return ExitCode.OK;
        }
        Work.run(session, Work.Interrupted.TAKES_BACK, listener -> {
            session.engine().restore(session.definition(), backup, services, listener);
            return ExitCode.OK;
        });
        if (session.output() != OutputMode.QUIET && session.output() != OutputMode.JSON) {
            session.console()
                    .line(session.id() + " is as it was at " + backup.manifest().taken() + ".");
        }
        return ExitCode.OK;
    }

    /** What is stopped for the change is to be the same again afterwards. */
    private static void checkSettings(Session session) {
        List<String> there = session.runningDefinition().services().keySet().stream()
                .filter(name -> session.observed().container(name).isPresent())
                .toList();
        if (!there.isEmpty()) {
            RestartCommand.checkSettings(
                    session,
                    session.engine().plan(session.definition(), new Selection.WithNeeds(there), UpOptions.DEFAULT));
        }
    }
}
