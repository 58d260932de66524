package dev.withstack.launcher.command;

import dev.withstack.core.data.Migrations;
import dev.withstack.core.data.Migrations.Migration;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.launcher.console.JsonText;
import dev.withstack.launcher.console.Table;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Applies SQL files to a stack's database. */
@Command(
        name = "migrate",
        description = {
            "Apply the SQL files of a directory to the stack's database, in the order of their names: each once, in a"
                    + " transaction of its own.",
            "One that was altered after it was applied is refused. What the database was made with counts as applied."
        })
final class MigrateCommand extends ServicesCommand {
    @Option(
            names = "--from",
            paramLabel = "DIR",
            description = "where the files are; unless given, where the stack has them")
    Optional<Path> from = Optional.empty();

    @Option(names = "--list", description = "show the files and which are applied; change nothing")
    boolean list;

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> named = session.words().services(session.in(environment).take(words));
        StackDefinition definition = session.runningDefinition();
        Service server = server(session, definition, named);
        session.words().checkRuns(server.name());
        Path project = session.project().directory();
        Path directory = from.map(given -> session.surroundings().directory().resolve(given))
                .or(() -> server.migrations().map(project::resolve))
                .orElseThrow(
                        () -> CommandFailedException.usage(session.profile().name() + " has no migrations for "
                                + server.name() + ". Give the directory they are in with --from."));
        Migrations migrations =
                new Migrations(session.driver(), definition, server.name(), project, directory.normalize());
        return list ? show(session, migrations) : apply(session, migrations, server.name());
    }

    private Service server(Session session, StackDefinition definition, List<String> named) {
        List<Service> candidates = definition.servicesWithBase().values().stream()
                .filter(service -> named.isEmpty() ? service.migrations().isPresent() : named.contains(service.name()))
                .toList();
        if (candidates.size() != 1) {
            throw CommandFailedException.usage(
                    session.profile().name() + " has no database with migrations of its own. Name the service, and the"
                            + " directory, such as: migrate db --from migrations");
        }
        return candidates.get(0);
    }

    private static ExitCode show(Session session, Migrations migrations) throws InterruptedException {
        Table table = new Table("FILE", "APPLIED");
        for (Migration migration : migrations.list()) {
            if (session.output() == OutputMode.JSON) {
                session.console().line(JsonText.of(fields(migration.file(), migration.applied())));
            }
            table.row(migration.file(), migration.applied().isEmpty() ? "not yet" : migration.applied());
        }
        if (session.output() != OutputMode.JSON) {
            table.lines(session.console().style()).forEach(session.console()::line);
        }
        return ExitCode.OK;
    }

    private static ExitCode apply(Session session, Migrations migrations, String service) throws InterruptedException {
        List<String> applied = migrations.apply(new Migrations.Progress() {
            @Override
            public void applied(String file) {
                if (session.output() == OutputMode.JSON) {
                    session.console().line(JsonText.of(fields(file, "now")));
                } else if (session.output() != OutputMode.QUIET) {
                    session.console().line("Applied " + file);
                }
            }

            @Override
            public void waiting(String text) {
                session.remark(text);
            }
        });
        if (applied.isEmpty() && session.output() != OutputMode.JSON && session.output() != OutputMode.QUIET) {
            session.console().line("Everything is applied to " + service + " already.");
        }
        return ExitCode.OK;
    }

    private static Map<String, Object> fields(String file, String applied) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", "migration");
        fields.put("file", file);
        fields.put("applied", applied);
        return fields;
    }
}
