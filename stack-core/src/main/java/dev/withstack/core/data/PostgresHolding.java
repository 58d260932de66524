package dev.withstack.core.data;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

    /** All results are shown of what it reads; of what stands in its arguments older ones show the last. */
    private static final String ASK = "head -c \"$1\" | psql -X -qtA -v ON_ERROR_STOP=1 -d \"$2\"";

    /** Tools of version 17 say this to older servers, which don't know it; the data stands further down. */
    private static final String LOAD = "head -c \"$1\" | sed '1,25{/^SET transaction_timeout = 0;$/d;}'"
            + " | psql -X -q -o /dev/null -v ON_ERROR_STOP=1 -v \"database=$3\" -d \"$2\"";

    private static final String DUMP = "exec pg_dump --no-password -d \"$1\"";

    private static final String DATABASES =
            "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate AND datname !~ '" + Beside.PATTERN
                    + "' ORDER BY datname = 'postgres', datname";

    /** Roles that are there stay as they are, with their passwords. */
    private static final String ROLES =
            """
            SELECT format(
                'DO $withstack$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = %L) THEN CREATE ROLE %I WITH %s'
                    ' CONNECTION LIMIT %s%s%s; END IF; END $withstack$;',
                rolname, rolname,
                concat_ws(' ',
                    CASE WHEN rolsuper THEN 'SUPERUSER' ELSE 'NOSUPERUSER' END,
                    CASE WHEN rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END,
                    CASE WHEN rolcreaterole THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END,
                    CASE WHEN rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END,
                    CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END,
                    CASE WHEN rolreplication THEN 'REPLICATION' ELSE 'NOREPLICATION' END,
                    CASE WHEN rolbypassrls THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END),
                rolconnlimit,
                CASE WHEN rolpassword IS NULL THEN '' ELSE format(' PASSWORD %L', rolpassword) END,
                CASE WHEN rolvaliduntil IS NULL THEN '' ELSE format(' VALID UNTIL %L', rolvaliduntil) END)
            FROM pg_authid WHERE rolname !~ '^pg_' ORDER BY rolname;
            SELECT format('GRANT %I TO %I%s;', granted.rolname, member.rolname,
                CASE WHEN admin_option THEN ' WITH ADMIN OPTION' ELSE '' END)
            FROM pg_auth_members
                JOIN pg_roles granted ON granted.oid = roleid
                JOIN pg_roles member ON member.oid = pg_auth_members.member
            WHERE member.rolname !~ '^pg_' ORDER BY 1;
            """;

    /** What pg_dump leaves out unless it makes the database too: rights on it, and its settings. */
    private static final String GRANTS =
            """
            SELECT 'REVOKE ALL ON DATABASE :"database" FROM PUBLIC;'
            FROM pg_database WHERE datname = current_database() AND datacl IS NOT NULL;
            SELECT format('GRANT %s ON DATABASE :"database" TO %s%s;', privilege_type,
                CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
                CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
            FROM pg_database, aclexplode(datacl) WHERE datname = current_database();
            SELECT CASE setrole
                    WHEN 0 THEN 'ALTER DATABASE :"database"'
                    ELSE format('ALTER ROLE %I IN DATABASE :"database"', pg_get_userbyid(setrole)) END
                || ' SET ' || split_part(setting, '=', 1) || ' TO '
                || CASE WHEN split_part(setting, '=', 1) IN ('search_path', 'temp_tablespaces', 'local_preload_libraries',
                        'session_preload_libraries')
                    THEN substr(setting, strpos(setting, '=') + 1)
                    ELSE quote_literal(substr(setting, strpos(setting, '=') + 1)) END || ';'
            FROM pg_db_role_setting, unnest(setconfig) setting
            WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database());
            """;

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
        box.add("roles", "sql", Holding.uncounted(out -> out.write(ask("postgres", ROLES))));
        for (String database : databases()) {
            String name = database.equals(main) ? "" : " " + database;
            box.add("rows" + name, "sql", out -> dump(database, out));
            box.add("grants" + name, "sql", Holding.uncounted(out -> out.write(ask(database, GRANTS))));
        }
    }

    private List<String> databases() throws IOException, InterruptedException {
        return only == Extent.MAIN
                ? List.of(main)
                : psql("postgres", DATABASES).lines().toList();
    }

    private Map<String, Long> dump(String database, OutputStream out) throws IOException, InterruptedException {
        Census census = new Census(out);
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

    private byte[] ask(String database, String questions) throws IOException, InterruptedException {
        return inside.run(ASK, questions.getBytes(StandardCharsets.UTF_8), database)
                .getBytes(StandardCharsets.UTF_8);
    }

    private void load(InputStream dump, long size, String database) throws IOException, InterruptedException {
        inside.pipe(LOAD, dump, OutputStream.nullOutputStream(), Long.toString(size), database, database);
    }

    /** The databases that stand beside those in use. */
    private final class Beside implements Replacement {
        private static final String PATTERN = "^withstack_(restoring|before)_[0-9]+$";
        private final Map<String, String> byTarget = new LinkedHashMap<>();

        void removeLeftovers() throws IOException, InterruptedException {
            for (String name : psql("postgres", "SELECT datname FROM pg_database WHERE datname ~ '" + PATTERN + "'")
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
                    case "roles" -> load(content, piece.size(), "postgres");
                    case "rows" -> {
                        load(content, piece.size(), create(target));
                        prove(target, piece.counts());
                    }
                    case "grants" -> load(content, piece.size(), beside(target));
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

        private void prove(String target, Map<String, Long> counts) throws IOException, InterruptedException {
            StringBuilder questions = new StringBuilder();
            for (String what : counts.keySet()) {
                questions
                        .append("SELECT count(*) FROM ")
                        .append(what.equals(Census.LARGE_OBJECTS) ? "pg_largeobject_metadata" : "ONLY " + what)
                        .append(";\n");
            }
            List<Long> found = new String(ask(beside(target), questions.toString()), StandardCharsets.UTF_8)
                    .lines()
                    .map(Long::valueOf)
                    .toList();
            if (!found.equals(List.copyOf(counts.values()))) {
                throw new IOException("not as many rows arrived in the database " + target + " as were saved: " + found
                        + " of " + counts);
            }
        }

        @Override
        public void putInPlace() throws IOException, InterruptedException {
            List<String> statements = new ArrayList<>();
            List<String> before = new ArrayList<>();
            for (Map.Entry<String, String> entry : byTarget.entrySet()) {
                String target = entry.getKey();
                String old = entry.getValue().replace("restoring", "before");
                if (!psql("template1", "SELECT 1 FROM pg_database WHERE datname = " + literal(target))
                        .isBlank()) {
                    statements.add("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
                            + literal(target));
                    statements.add("ALTER DATABASE " + identifier(target) + " RENAME TO " + old);
                    before.add(old);
                }
                statements.add("ALTER DATABASE " + entry.getValue() + " RENAME TO " + identifier(target));
            }
            inOneTransaction(String.join("; ", statements));
            byTarget.clear();
            for (String old : before) {
                psql("template1", "DROP DATABASE " + old + " WITH (FORCE)");
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

    /** Counts the rows of each table and the large objects in a dump that passes by. */
    static final class Census extends FilterOutputStream {
        static final String LARGE_OBJECTS = "large objects";
        private static final byte[] COPY = bytes("COPY ");
        private static final String FROM_STDIN = " FROM stdin;";
        private static final byte[] LARGE_OBJECT = bytes("SELECT pg_catalog.lo_create(");
        private static final String END = "-- PostgreSQL database dump complete";
        /** A line that means something here is a statement with the names of a table's columns. */
        private static final int LONGEST = 256 * 1024;

        private final Map<String, Long> counts = new LinkedHashMap<>();
        private byte[] line = new byte[256];
        private int length;
        private String table = "";
        private boolean isWhole;

        Census(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            out.write(bytes, offset, count);
            for (int at = offset; at < offset + count; at++) {
                if (bytes[at] == '\n') {
                    endLine();
                    length = 0;
                } else {
                    keep(bytes[at]);
                }
            }
        }

        /** Of a row its first two bytes are enough. */
        private void keep(byte one) {
            if (length == line.length && length < LONGEST && table.isEmpty()) {
                line = java.util.Arrays.copyOf(line, 2 * length);
            }
            if (length < line.length) {
                line[length] = one;
            }
            length++;
        }

        private void endLine() {
            if (!table.isEmpty()) {
                if (length == 2 && line[0] == '\\' && line[1] == '.') {
                    table = "";
                } else {
                    counts.merge(table, 1L, Long::sum);
                }
            } else if (begins(COPY)) {
                String text = text();
                if (text.endsWith(FROM_STDIN)) {
                    table = tableOf(text.substring(COPY.length, text.length() - FROM_STDIN.length()));
                    counts.putIfAbsent(table, 0L);
                }
            } else if (begins(LARGE_OBJECT)) {
                counts.merge(LARGE_OBJECTS, 1L, Long::sum);
            } else if (length == END.length() && text().equals(END)) {
                isWhole = true;
            }
        }

        private boolean begins(byte[] with) {
            return length >= with.length && java.util.Arrays.equals(line, 0, with.length, with, 0, with.length);
        }

        private String text() {
            return new String(line, 0, Math.min(length, line.length), StandardCharsets.UTF_8);
        }

        /** The names of the columns stand behind it, in parentheses that a quoted name may have too. */
        private static String tableOf(String text) {
            boolean isQuoted = false;
            for (int at = 0; at < text.length(); at++) {
                char one = text.charAt(at);
                isQuoted ^= one == '"';
                if (one == ' ' && !isQuoted) {
                    return text.substring(0, at);
                }
            }
            return text;
        }

        /** @throws IOException if the dump ended before its last line */
        void checkWhole() throws IOException {
            if (!isWhole) {
                throw new IOException("pg_dump ended in the middle");
            }
        }

        Map<String, Long> counts() {
            return counts;
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
    }
}
