package dev.withstack.launcher.command;

import dev.withstack.core.data.Backup;
import dev.withstack.core.data.Manifest;
import dev.withstack.core.data.Retention;
import dev.withstack.launcher.console.Suggestion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The directory in which the backups of a stack are. */
final class BackupShelf {
    private static final String LATEST = "latest";

    private final Session session;
    private final Path directory;

    /** @param given relative to the directory of the project */
    BackupShelf(Session session, Optional<Path> given) {
        this.session = session;
        this.directory = session.project()
                .settingsDirectory()
                .resolve(given.orElse(Path.of("backups")))
                .normalize();
    }

    Path directory() {
        return directory;
    }

    /** Return the stack's backups in the order of their age, the newest first. */
    List<Backup> all() {
        try {
            return Backup.in(directory).stream()
                    .filter(backup ->
                            backup.manifest().stack().equals(session.profile().nameOnEngine()))
                    .toList();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Return the directories whose manifest was altered or cut off. */
    List<Path> damaged() {
        try {
            return Backup.damagedIn(directory);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private UncheckedIOException unreadable(IOException e) {
        return new UncheckedIOException("The backups in '" + directory + "' can't be read.", e);
    }

    /** Return the backup of that name or at that path; {@code latest} is the newest of the environment. */
    Backup named(String word) {
        if (word.equals(LATEST)) {
            return all().stream()
                    .filter(backup -> backup.manifest()
                            .environment()
                            .equals(session.environment().id()))
                    .findFirst()
                    .orElseThrow(() -> CommandFailedException.usage(
                            "There is no backup of " + session.id() + " in '" + directory + "'. Take one with: "
                                    + session.surroundings().program() + " backup"));
        }
        for (Path place : List.of(
                directory.resolve(word), session.surroundings().directory().resolve(word))) {
            if (Files.isDirectory(place)) {
                return read(place);
            }
        }
        throw CommandFailedException.usage("There is no backup '" + word + "' in '" + directory + "'."
                + Suggestion.sentence(word, all().stream().map(Backup::name).toList())
                + " See them with: " + session.surroundings().program() + " backups");
    }

    private static Backup read(Path place) {
        try {
            return Backup.read(place);
        } catch (IOException e) {
            throw new CommandFailedException(
                    ExitCode.FAILED,
                    "'" + place + "' is no backup, or a damaged one: " + e.getMessage() + ". Nothing was touched.");
        }
    }

    /** Remove what is not kept, of each environment by itself. */
    void prune(Retention retention) {
        List<Backup> all = all();
        List<String> environments = all.stream()
                .map(backup -> backup.manifest().environment())
                .distinct()
                .toList();
        for (String environment : environments) {
            List<Backup> surplus = retention.surplus(all.stream()
                    .filter(backup -> backup.manifest().environment().equals(environment))
                    .toList());
            for (Backup backup : surplus) {
                remove(backup);
            }
        }
    }

    private void remove(Backup backup) {
        try {
            backup.remove();
        } catch (IOException e) {
            throw new UncheckedIOException("The backup '" + backup.directory() + "' can't be removed.", e);
        }
        if (session.output() != OutputMode.JSON && session.output() != OutputMode.QUIET) {
            session.console().line("Removed " + backup.name());
        }
    }

    static List<String> services(Backup backup) {
        return backup.manifest().parts().stream().map(Manifest.Part::service).toList();
    }

    static Map<String, Object> fields(Backup backup) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", "backup");
        fields.put("name", backup.name());
        fields.put("directory", backup.directory().toString());
        fields.put("stack", backup.manifest().stack());
        fields.put("environment", backup.manifest().environment());
        fields.put("taken", backup.manifest().taken().toString());
        fields.put("bytes", backup.manifest().size());
        fields.put("services", services(backup));
        return fields;
    }
}
