package dev.withstack.core.data;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The databases of a PostgreSQL server, or the one that is the stack's own: dumped by {@code pg_dump}, each as it was at
 * one moment, and put back into new databases that take the old ones' names in one transaction.
 *
 * @param main the database that the definition names: in another environment it may be called otherwise
 * @param only whether no other is meant
 */
record PostgresHolding(Inside inside, String main, Extent only) implements Holding {
    /** The server of the initialisation phase answers on its Unix socket only. */
    private static final String PSQL = "exec psql -X -qtA -v ON_ERROR_STOP=1 -d \"$2\" -c \"$1\"";

    /** What it reads ends with {@link #QUIT}: the stream has no end of its own. */
    private static final String LOAD = "exec psql -X -qtA -o /dev/null -v ON_ERROR_STOP=1 -v \"database=$2\" -d \"$1\"";

    private static final String QUIT = "\n\\q\n";

    /** From here on results are shown. */
    private static final String SHOW = "\n\\o\n";

    private static final String DUMP = "exec pg_dump --no-password -d \"$1\"";

    /** Tools of version 17 say this to older servers, which don't know it; it stands before the first object. */
    private static final String UNKNOWN_TO_OLDER = "SET transaction_timeout = 0;\n";

    private static final String FIRST_OBJECT = "\n-- Name: ";
    private static final int HEAD = 2048;

    /** Which databases are meant. */
    enum Extent {
        MAIN,
        ALL
    }

    @Override
    public String service() {
        return inside.service().name();
    }

    @Override
    public String kind() {
        return "postgres";
    }

    @Override
    public void save(Box box) throws IOException, InterruptedException {
        PostgresSurvey survey = PostgresSurvey.of(inside);
        box.add("roles", "sql", Holding.uncounted(out -> out.write(bytes(survey.roles()))));
        for (String database : only == Extent.MAIN ? List.of(main) : survey.databases()) {
            String name = database.equals(main) ? "" : " " + database;
            box.add("rows" + name, "sql", out -> dump(database, out));
            box.add("grants" + name, "sql", Holding.uncounted(out -> out.write(bytes(survey.grants(database)))));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, Long> dump(String database, OutputStream out) throws IOException, InterruptedException {
        DumpCensus census = new DumpCensus(out);
        inside.pipe(DUMP, InputStream.nullInputStream(), census, database);
        census.checkWhole();
        return census.counts();
    }

    @Override
    public Replacement prepare(Contents contents) throws IOException, InterruptedException {
        Beside beside = new Beside();
        beside.removeLeftovers();
        try {
            for (Manifest.Piece piece : contents.part().pieces()) {
                beside.take(contents, piece);
            }
            return beside;
        } catch (IOException | InterruptedException | RuntimeException e) {
            beside.discardAfter(e);
            throw e;
        }
    }

    private String psql(String database, String statement) throws IOException, InterruptedException {
        return inside.run(PSQL, statement, database);
    }

    /**
     * Run what the file says.
     *
     * @param questions asked behind it, each a statement
     * @return what these were answered
     */
    private String load(InputStream file, String database, String questions) throws IOException, InterruptedException {
        String head = new String(file.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
        int unknown = head.indexOf(UNKNOWN_TO_OLDER);
        int first = head.indexOf(FIRST_OBJECT);
        boolean isToldToAll = unknown >= 0 && (first < 0 || unknown < first);
        String fit =
                isToldToAll ? head.substring(0, unknown) + head.substring(unknown + UNKNOWN_TO_OLDER.length()) : head;
        InputStream whole = new SequenceInputStream(Collections.enumeration(List.of(
                new ByteArrayInputStream(fit.getBytes(StandardCharsets.ISO_8859_1)),
                file,
                new ByteArrayInputStream(bytes(SHOW + questions + QUIT)))));
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        inside.pipe(LOAD, whole, answers, database, database);
        return answers.toString(StandardCharsets.UTF_8);
    }

    /** The databases that stand beside those in use. */
    private final class Beside implements Replacement {
        private final Map<String, String> byTarget = new LinkedHashMap<>();

        void removeLeftovers() throws IOException, InterruptedException {
            for (String name : psql(
                            "postgres",
                            "SELECT datname FROM pg_database WHERE datname ~ '" + PostgresSurvey.BESIDE + "'")
                    .lines()
                    .toList()) {
                psql("template1", "DROP DATABASE " + identifier(name) + " WITH (FORCE)");
            }
        }

        void take(Contents contents, Manifest.Piece piece) throws IOException, InterruptedException {
            String[] words = piece.unit().split(" ", 2);
            String target = words.length > 1 ? words[1] : main;
            if (only == Extent.MAIN && words.length > 1) {
                return;
            }
            try (InputStream content = contents.open(piece)) {
                switch (words[0]) {
                    case "roles" -> load(content, "postgres", "");
                    case "rows" -> prove(load(content, create(target), counting(piece.counts())), target, piece);
                    case "grants" -> load(content, beside(target), "");
                    default -> throw new IOException("'" + piece.unit() + "' is nothing of a PostgreSQL server");
                }
            }
        }

        private String create(String target) throws IOException, InterruptedException {
            String name = "withstack_restoring_" + (byTarget.size() + 1);
            byTarget.put(target, name);
            String like = psql(
                    "template1",
                    "SELECT format(' OWNER %I ENCODING %L LC_COLLATE %L LC_CTYPE %L', pg_get_userbyid(datdba),"
                            + " pg_encoding_to_char(encoding), datcollate, datctype) FROM pg_database WHERE datname = "
                            + literal(target));
            psql("template1", "CREATE DATABASE " + name + " TEMPLATE template0 " + like.strip());
            return name;
        }

        private String beside(String target) throws IOException {
            return Optional.ofNullable(byTarget.get(target))
                    .orElseThrow(() -> new IOException("there are rights on the database " + target + ", but no rows"));
        }

        private String counting(Map<String, Long> counts) {
            StringBuilder questions = new StringBuilder();
            for (String what : counts.keySet()) {
                questions
                        .append("SELECT count(*) FROM ")
                        .append(what.equals(DumpCensus.LARGE_OBJECTS) ? "pg_largeobject_metadata" : "ONLY " + what)
                        .append(";\n");
            }
            return questions.toString();
        }

        private void prove(String answers, String target, Manifest.Piece piece) throws IOException {
            List<Long> found = answers.lines().map(Long::valueOf).toList();
            if (!found.equals(List.copyOf(piece.counts().values()))) {
                throw new IOException("not as many rows arrived in the database " + target + " as were saved: " + found
                        + " of " + piece.counts());
            }
        }

        @Override
        public void putInPlace() throws IOException, InterruptedException {
            List<String> there =
                    psql("template1", "SELECT datname FROM pg_database").lines().toList();
            List<String> statements = new ArrayList<>();
            List<String> drops = new ArrayList<>();
            for (Map.Entry<String, String> entry : byTarget.entrySet()) {
                String target = entry.getKey();
                String old = entry.getValue().replace("restoring", "before");
                if (there.contains(target)) {
                    statements.add("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
                            + literal(target));
                    statements.add("ALTER DATABASE " + identifier(target) + " RENAME TO " + old);
                    drops.add("DROP DATABASE " + old + " WITH (FORCE)");
                }
                statements.add("ALTER DATABASE " + entry.getValue() + " RENAME TO " + identifier(target));
            }
            inOneTransaction(String.join("; ", statements));
            byTarget.clear();
            for (String drop : drops) {
                psql("template1", drop);
            }
        }

        /** A client that connects again at once may be in the way of the new name. */
        private void inOneTransaction(String statements) throws IOException, InterruptedException {
            for (int attempt = 1; ; attempt++) {
                try {
                    psql("template1", statements);
                    return;
                } catch (IOException e) {
                    if (attempt == 10 || !String.valueOf(e.getMessage()).contains("being accessed by other users")) {
                        throw e;
                    }
                }
            }
        }

        @Override
        public void discard() throws IOException, InterruptedException {
            for (String name : byTarget.values()) {
                psql("template1", "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
            }
            byTarget.clear();
        }

        /** A thread that was interrupted does it all the same. */
        void discardAfter(Exception failure) {
            boolean wasInterrupted = Thread.interrupted();
            try {
                discard();
            } catch (IOException | InterruptedException | RuntimeException e) {
                failure.addSuppressed(e);
            }
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
