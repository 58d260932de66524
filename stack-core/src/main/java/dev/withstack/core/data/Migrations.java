package dev.withstack.core.data;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Data;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Share;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.core.plan.NetworkAddresses;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Applies SQL files to a database, in the order of their names, each once and in a transaction of its own. Which were
 * applied, and with which content, stands in the database, in {@code withstack_migrations}. Used by one thread.
 */
public final class Migrations {
    private static final String PSQL = "exec psql -X -qtA -v ON_ERROR_STOP=1";

    /**
     * Reads so many bytes, says that all of that is done, and commits when it is told so. Whoever would tell it may have
     * been killed: then it ends.
     */
    private static final String APPLY =
            "exec 3<&0; head -c \"$1\" <&3 | psql -X -qtA -v ON_ERROR_STOP=1 -f - -c \"SELECT '$2'\""
                    + " -c '\\! test \"$(head -c 1 <&3)\" || kill $PPID' -c COMMIT";

    private static final String QUIT = "\n\\q\n";

    /** Held by whoever applies a file, until that is done. */
    private static final String LOCK = "4915210870217463283";

    private static final String TABLE =
            "CREATE TABLE IF NOT EXISTS public.withstack_migrations (file text PRIMARY KEY, sha256 text NOT NULL,"
                    + " applied timestamptz NOT NULL DEFAULT now());\n";

    /** Of two that begin at once, one goes on when the other is done. */
    private static final String BEGIN = "BEGIN;\nSELECT '' FROM pg_advisory_xact_lock(" + LOCK + ");\n" + TABLE;

    private static final String DONE = "withstack: applied whole";
    private static final String NOTHING_TO_DO = "withstack: applied by another";
    private static final Pattern OWN_TRANSACTION = Pattern.compile(
            "^[ \\t]*(BEGIN|COMMIT|ROLLBACK|START[ \\t]+TRANSACTION)([ \\t]+(WORK|TRANSACTION))?[ \\t]*;",
            Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
    private final Inside inside;
    private final Path directory;
    private final List<String> initScripts;

    /**
     * @param service whose database is changed; it must be running
     * @param project the directory that the service's init scripts are relative to
     * @param directory where the files are
     */
    public Migrations(Driver driver, StackDefinition definition, String service, Path project, Path directory) {
        StackDefinition owner = definition.owner(service);
        Service server = owner.service(service);
        this.directory = directory;
        this.initScripts = server.files().stream()
                .filter(FileMount.FromProject.class::isInstance)
                .map(file ->
                        project.resolve(((FileMount.FromProject) file).source()).normalize())
                .filter(file -> directory.normalize().equals(file.getParent()))
                .map(file -> file.getFileName().toString())
                .toList();
        Data.Postgres data = server.data()
                .filter(Data.Postgres.class::isInstance)
                .map(Data.Postgres.class::cast)
                .orElseThrow(() -> refused("'" + service + "' is no PostgreSQL, and SQL files are for one.", ""));
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PGHOST", "127.0.0.1");
        environment.put("PGUSER", text(data.user(), owner));
        environment.put("PGPASSWORD", text(data.password(), owner));
        environment.put(
                "PGDATABASE",
                definition.shares().stream()
                        .filter(share -> share.service().equals(service))
                        .filter(Share.Database.class::isInstance)
                        .map(share -> ((Share.Database) share).name())
                        .findFirst()
                        .orElse(text(data.database(), owner)));
        this.inside = new Inside(driver, owner, server, environment);
    }

    private static String text(Value value, StackDefinition owner) {
        return value.resolve(new NetworkAddresses(owner));
    }

    private static DriverException refused(String message, String fix) {
        return new DriverException(DriverException.Kind.REFUSED, message, fix);
    }

    /**
     * One file.
     *
     * @param applied when, as the database says it; empty if it is still to be applied
     */
    public record Migration(String file, String applied) {}

    /** A file as it is on the disk. */
    private record Script(String file, byte[] content, String digest) {}

    /** What the database says of a file. */
    private record Applied(String digest, String at) {}

    /**
     * Return the files in order, and which are applied.
     *
     * @throws DriverException if an applied one was altered, one is to come before it, or the server does not answer
     */
    public List<Migration> list() throws InterruptedException {
        List<Script> scripts = scripts();
        Map<String, Applied> applied = applied();
        check(scripts, applied);
        return scripts.stream()
                .map(script -> new Migration(
                        script.file(),
                        Optional.ofNullable(applied.get(script.file()))
                                .map(Applied::at)
                                .orElse("")))
                .toList();
    }

    /** Is told how it goes on. */
    public interface Progress {
        /** This file is applied. */
        void applied(String file);

        /** Somebody else applies files to the database, and is waited for; in words, with what can be done about it. */
        void waiting(String text);
    }

    /**
     * Apply what is not applied yet. The files before one that fails stay applied; of that one nothing stays, also when this
     * process is killed. Somebody else who applies files to the same database is waited for.
     *
     * @return the names of those applied
     * @throws DriverException if an applied one was altered, one is to come before it, or one fails
     */
    public List<String> apply(Progress progress) throws InterruptedException {
        List<Script> scripts = scripts();
        List<String> names = new ArrayList<>();
        Optional<Script> next = next(scripts);
        if (next.isPresent()) {
            sayWhoIsAtIt(progress);
        }
        while (next.isPresent()) {
            String file = next.get().file();
            if (isApplied(next.get())) {
                names.add(file);
                progress.applied(file);
            }
            next = next(scripts);
        }
        return names;
    }

    private Optional<Script> next(List<Script> scripts) throws InterruptedException {
        Map<String, Applied> applied = applied();
        check(scripts, applied);
        return scripts.stream()
                .filter(script -> !applied.containsKey(script.file()))
                .findFirst();
    }

    private void sayWhoIsAtIt(Progress progress) throws InterruptedException {
        String other = ask(
                        "SELECT pid || ', since ' || date_trunc('second', xact_start) FROM pg_locks JOIN pg_stat_activity"
                                + " USING (pid) WHERE locktype = 'advisory' AND granted AND ((classid::bigint << 32) | objid::bigint) = "
                                + LOCK + ";",
                        "The database can't be asked: ")
                .strip();
        if (!other.isEmpty()) {
            String pid = other.substring(0, other.indexOf(','));
            progress.waiting("Somebody else is migrating this database, and is waited for (its process there: " + other
                    + "). If that launcher is gone, SELECT pg_terminate_backend(" + pid
                    + "); takes back what it was at.");
        }
    }

    /** Apply the file, unless somebody else has while he was waited for. */
    private boolean isApplied(Script script) throws InterruptedException {
        if (OWN_TRANSACTION
                .matcher(new String(script.content(), StandardCharsets.UTF_8))
                .find()) {
            throw refused(
                    script.file() + " begins or ends a transaction of its own.",
                    "take that out: each file is applied in one, whole or not at all");
        }
        byte[] before = bytes(BEGIN + "SELECT count(*) > 0 AS done FROM public.withstack_migrations WHERE file = "
                + PostgresHolding.literal(script.file()) + " \\gset\n\\if :done\nSELECT '" + NOTHING_TO_DO
                + "';\n\\q\n\\endif\n" + entry(script));
        Cue cue = new Cue(DONE);
        InputStream input = new SequenceInputStream(Collections.enumeration(
                List.of(new ByteArrayInputStream(before), new ByteArrayInputStream(script.content()), cue.rest("y"))));
        int length = before.length + script.content().length;
        try {
            inside.pipe(APPLY, input, cue.ear(), Integer.toString(length), DONE);
            return !cue.text().contains(NOTHING_TO_DO);
        } catch (IOException e) {
            throw failed(script.file() + " was not applied, nor any after it: ", e);
        } finally {
            cue.over();
        }
    }

    private static String entry(Script script) {
        return "INSERT INTO public.withstack_migrations (file, sha256) VALUES ("
                + PostgresHolding.literal(script.file()) + ", '" + script.digest() + "') ON CONFLICT DO NOTHING;\n";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String ask(String questions, String failed) throws InterruptedException {
        try {
            ByteArrayOutputStream answers = new ByteArrayOutputStream();
            inside.pipe(PSQL, new ByteArrayInputStream(bytes(questions + QUIT)), answers);
            return answers.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw failed(failed, e);
        }
    }

    private static DriverException failed(String what, IOException e) {
        return new DriverException(
                DriverException.Kind.REFUSED,
                what + e.getMessage(),
                "mend it and migrate again; what was applied is not applied again",
                e);
    }

    private List<Script> scripts() {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> sorted = files.filter(
                            file -> file.getFileName().toString().matches("[^.].*\\.sql"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
            List<Script> scripts = new ArrayList<>();
            for (Path file : sorted) {
                byte[] content = Files.readAllBytes(file);
                scripts.add(new Script(
                        file.getFileName().toString(),
                        content,
                        Digests.hex(Digests.sha256().digest(content))));
            }
            return scripts;
        } catch (IOException e) {
            throw new DriverException(
                    DriverException.Kind.REFUSED,
                    "The migrations in '" + directory + "' can't be read: "
                            + e.getClass().getSimpleName(),
                    "give the directory they are in with --from",
                    e);
        }
    }

    /** The first time, what was run when the database was made is entered without being run. */
    private Map<String, Applied> applied() throws InterruptedException {
        boolean isKnown = !ask("SELECT to_regclass('public.withstack_migrations');", "The database can't be asked: ")
                .isBlank();
        if (!isKnown && !initScripts.isEmpty()) {
            StringBuilder entries = new StringBuilder(BEGIN);
            for (Script script : scripts()) {
                if (initScripts.contains(script.file())) {
                    entries.append(entry(script));
                }
            }
            ask(entries.append("COMMIT;\n").toString(), "What the database was made with can't be noted: ");
        } else if (!isKnown) {
            return Map.of();
        }
        Map<String, Applied> applied = new LinkedHashMap<>();
        Matcher line = Pattern.compile("(?m)^([0-9a-f]{64}) (\\S+ \\S+) (.*)$")
                .matcher(ask(
                        "SELECT sha256 || ' ' || date_trunc('second', applied) || ' ' || file"
                                + " FROM public.withstack_migrations ORDER BY file;",
                        "The database can't be asked: "));
        while (line.find()) {
            applied.put(line.group(3), new Applied(line.group(1), line.group(2)));
        }
        return applied;
    }

    private static void check(List<Script> scripts, Map<String, Applied> applied) {
        String pending = "";
        for (Script script : scripts) {
            Applied before = applied.get(script.file());
            if (before == null) {
                pending = pending.isEmpty() ? script.file() : pending;
            } else if (!before.digest().equals(script.digest())) {
                throw refused(
                        script.file() + " was applied at " + before.at()
                                + ", and was altered since. Nothing was touched.",
                        "bring back what it was, and write what is to change into a new file");
            } else if (!pending.isEmpty()) {
                throw refused(
                        pending + " is not applied, and comes before " + script.file()
                                + ", which is. Nothing was touched.",
                        "give it a name that comes last");
            }
        }
    }
}
