package dev.withstack.core.data;

import dev.withstack.core.health.PostgresSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one database held when it was remembered: its schema as a digest, the rows of its tables with a mark of each
 * table, and the state of its sequences.
 *
 * <p>As long as the schema is the same, what has changed is put back in place, under the connections that are open. A
 * changed schema is not repaired: the database is made again from a copy.
 *
 * <p>The mark of a table is the number of its rows and a digest of the transactions that wrote them. Whatever writes a row
 * writes a new version of it, under the number of its own transaction, which no row had before; so as long as both are the
 * same, the rows are those that were there. They need not be read for that, only walked over.
 */
final class PostgresDatabase {
    /** More rows than this are not kept here: a changed table means that the database is made again. */
    private static final long MOST_KEPT = 64L << 20;

    /** Every reading is by the same rules, whatever a test has set for the database or the user; nobody's triggers fire. */
    private static final String RULES =
            """
            SET search_path = pg_catalog; SET datestyle = 'ISO'; SET timezone = 'UTC'; SET intervalstyle = 'postgres';
            SET bytea_output = 'hex'; SET extra_float_digits = 1; SET xmloption = 'content'; SET row_security = off;
            SET default_transaction_read_only = off; SET statement_timeout = 0; SET lock_timeout = '3s';
            SET session_replication_role = replica; SET jit = off; SET max_parallel_workers_per_gather = 0;
            """;

    private static final int FIRST_OF_USERS = 16384;
    private static final String OF_USERS = "oid >= " + FIRST_OF_USERS;
    private static final String NOT_TEMPORARY =
            " AND %s <> ALL (ARRAY(SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_(toast_)?temp_'))";
    /** What a table keeps its long values in is made anew whenever the table is rewritten. */
    private static final String LASTING =
            OF_USERS + " AND relpersistence <> 't' AND relnamespace <> 'pg_toast'::regnamespace";

    private static final String OF_LASTING_TABLES = "%s IN (SELECT oid FROM pg_class WHERE " + LASTING + ")";

    /** The catalogues that make the schema: what of a row counts, and which rows do. */
    private static final List<List<String>> CATALOGUES = List.of(
            List.of("pg_namespace", "x", "nspname !~ '^pg_(toast|temp)'"),
            // where and how large a table is on the disk is no part of what it is
            List.of(
                    "pg_class",
                    "ROW(oid, relname, relnamespace, reltype, reloftype, relowner, relam, reltablespace, relkind,"
                            + " relpersistence, relacl, reloptions, relrowsecurity, relforcerowsecurity, relreplident,"
                            + " relispartition, relispopulated, relpartbound)",
                    LASTING),
            List.of("pg_attribute", "x", OF_LASTING_TABLES.formatted("attrelid") + " AND attnum > 0"),
            List.of("pg_attrdef", "x", OF_LASTING_TABLES.formatted("adrelid")),
            List.of("pg_constraint", "x", OF_USERS + NOT_TEMPORARY.formatted("connamespace")),
            List.of(
                    "pg_index",
                    "ROW(indexrelid, indrelid, indisunique, indisprimary, indisexclusion, indimmediate, indisclustered,"
                            + " indisvalid, indisready, indislive, indisreplident, indkey, indcollation, indclass,"
                            + " indoption, indexprs, indpred)",
                    OF_LASTING_TABLES.formatted("indrelid")),
            List.of("pg_proc", "x", OF_USERS + NOT_TEMPORARY.formatted("pronamespace")),
            List.of("pg_type", "x", OF_USERS + NOT_TEMPORARY.formatted("typnamespace")),
            List.of("pg_inherits", "x", OF_LASTING_TABLES.formatted("inhrelid")),
            List.of("pg_sequence", "x", OF_LASTING_TABLES.formatted("seqrelid")),
            List.of("pg_trigger", "x", OF_LASTING_TABLES.formatted("tgrelid")),
            List.of("pg_rewrite", "x", OF_USERS),
            List.of("pg_policy", "x", OF_USERS),
            List.of("pg_enum", "x", OF_USERS),
            List.of("pg_extension", "x", "true"),
            List.of("pg_event_trigger", "x", "true"),
            List.of("pg_language", "x", "true"),
            List.of("pg_cast", "x", OF_USERS),
            List.of("pg_operator", "x", OF_USERS),
            List.of("pg_opclass", "x", OF_USERS),
            List.of("pg_opfamily", "x", OF_USERS),
            List.of("pg_aggregate", "x", "aggfnoid::oid >= " + FIRST_OF_USERS),
            List.of("pg_collation", "x", OF_USERS),
            List.of("pg_conversion", "x", OF_USERS),
            List.of("pg_default_acl", "x", "true"),
            List.of("pg_description", "x", "objoid >= " + FIRST_OF_USERS),
            List.of("pg_statistic_ext", "x", OF_USERS),
            List.of("pg_ts_config", "x", OF_USERS),
            List.of("pg_ts_dict", "x", OF_USERS),
            List.of("pg_publication", "x", "true"),
            List.of("pg_publication_rel", "x", "true"),
            List.of("pg_foreign_data_wrapper", "x", "true"),
            List.of("pg_foreign_server", "x", "true"),
            List.of("pg_foreign_table", "x", "true"),
            List.of("pg_user_mapping", "x", "true"),
            List.of("pg_largeobject_metadata", "x", "true"),
            List.of("pg_largeobject", "x", "true"));

    private static final String SCHEMA = CATALOGUES.stream()
            .map(catalogue -> "SELECT 'schema', '" + catalogue.get(0)
                    + "', count(*)::text, coalesce(sum(hashtextextended((" + catalogue.get(1) + ")::text, 0)), 0)::text"
                    + " FROM pg_catalog." + catalogue.get(0) + " x WHERE " + catalogue.get(2))
            .collect(Collectors.joining(" UNION ALL "));

    /** Rows are as PostgreSQL itself keeps them, or as an extension does, whose rows have to be read to be told apart. */
    private static final String WHAT_THERE_IS =
            """
            SELECT c.relkind, format('%%I.%%I', n.nspname, c.relname), CASE WHEN c.relkind = 'S' THEN '0'
                   ELSE pg_table_size(c.oid)::text END,
                   CASE WHEN c.relam = (SELECT oid FROM pg_am WHERE amname = 'heap') THEN 'heap' ELSE 'other' END
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid >= %d AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'
              AND n.nspname <> 'information_schema'
              AND (c.relkind IN ('r', 'S') OR (c.relkind = 'm' AND c.relispopulated))
            ORDER BY c.oid
            """
                    .formatted(FIRST_OF_USERS);

    private static final String WRITER = "xmin::text";
    private static final String CONTENT = "withstack_row::text";

    private final Map<String, Table> tables = new LinkedHashMap<>();
    private final List<String> sequences = new ArrayList<>();
    private Map<String, List<String>> schema = Map.of();
    private Map<String, List<String>> contents = Map.of();
    private boolean areRowsKept;

    private PostgresDatabase() {}

    /**
     * A table, or a view that keeps its rows.
     *
     * @param told what tells its rows from others
     * @param rows as {@code COPY} gives and takes them; none of a view, nor of an empty table
     */
    private record Table(Kind kind, String told, byte @Nullable [] rows) {}

    private enum Kind {
        TABLE,
        VIEW
    }

    /** Look at the database that the session is in, and keep its rows, all as they are at one moment. */
    static PostgresDatabase remember(PostgresSession session) throws IOException {
        session.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
        PostgresDatabase database = lookAt(session);
        if (database.areRowsKept) {
            database.keepRows(session);
        }
        session.query("COMMIT");
        return database;
    }

    /** Look at the database that the session is in. */
    static PostgresDatabase lookAt(PostgresSession session) throws IOException {
        PostgresDatabase database = new PostgresDatabase();
        session.query(RULES);
        database.schema = byName(session.query(SCHEMA));
        long size = 0;
        for (List<String> row : session.query(WHAT_THERE_IS)) {
            String name = row.get(1);
            String told = row.get(3).equals("heap") ? WRITER : CONTENT;
            switch (row.get(0)) {
                case "S" -> database.sequences.add(name);
                case "m" -> database.tables.put(name, new Table(Kind.VIEW, told, null));
                default -> {
                    database.tables.put(name, new Table(Kind.TABLE, told, null));
                    size += Long.parseLong(row.get(2));
                }
            }
        }
        database.contents = byName(session.query(database.whatChanges()));
        database.areRowsKept = size <= MOST_KEPT;
        return database;
    }

    private void keepRows(PostgresSession session) throws IOException {
        for (Map.Entry<String, Table> table : tables.entrySet()) {
            Table known = table.getValue();
            if (known.kind() == Kind.TABLE && rowsOf(table.getKey()) > 0) {
                byte[] rows = session.copyOut("COPY " + table.getKey() + " TO STDOUT");
                table.setValue(new Table(Kind.TABLE, known.told(), rows));
            }
        }
    }

    /** Tell whether it holds what the other one holds: a copy of that is the same. */
    boolean isLike(PostgresDatabase other) {
        return schema.equals(other.schema) && contents.equals(other.contents);
    }

    /** The database was made again, by a copy of the one that was looked at here. */
    void wasMadeFrom(PostgresDatabase copy) {
        schema = copy.schema;
        contents = new LinkedHashMap<>(copy.contents);
    }

    /** Get a session ready in which the database will be put back, once or more: what is asked each time is planned once. */
    void prepare(PostgresSession session) throws IOException {
        session.query(
                RULES + "PREPARE withstack_schema AS " + SCHEMA + "; PREPARE withstack_contents AS " + whatChanges());
    }

    /**
     * Put back what has changed, in place.
     *
     * @param session that was prepared
     * @return whether that was possible; if not, nothing was changed
     */
    boolean isPutBack(PostgresSession session) throws IOException {
        if (!byName(session.query("EXECUTE withstack_schema")).equals(schema)) {
            return false;
        }
        Map<String, List<String>> now = byName(session.query("EXECUTE withstack_contents"));
        List<String> changed = contents.entrySet().stream()
                .filter(then -> !then.getValue().equals(now.get(then.getKey())))
                .map(Map.Entry::getKey)
                .toList();
        boolean areRowsNeeded =
                changed.stream().map(tables::get).anyMatch(table -> table != null && table.kind() == Kind.TABLE);
        if (areRowsNeeded && !areRowsKept) {
            return false;
        }
        if (!changed.isEmpty()) {
            putBack(session, changed);
        }
        return true;
    }

    private void putBack(PostgresSession session, List<String> changed) throws IOException {
        // checks and views of the stack's own may mean its names
        StringBuilder emptied = new StringBuilder("BEGIN; SET LOCAL search_path TO DEFAULT;");
        StringBuilder rest = new StringBuilder();
        List<String> marks = new ArrayList<>();
        for (String name : changed) {
            Table table = tables.get(name);
            if (table == null) {
                rest.append(sequenceAsItWas(name));
            } else if (table.kind() == Kind.VIEW) {
                rest.append("REFRESH MATERIALIZED VIEW ").append(name).append(';');
                marks.add(markOf(name, table));
            } else {
                emptied.append("DELETE FROM ONLY ").append(name).append(';');
                marks.add(markOfOwnRows(name, table));
            }
        }
        session.query(emptied.toString());
        for (String name : changed) {
            Table table = tables.get(name);
            byte @Nullable [] rows = table == null ? null : table.rows();
            if (rows != null) {
                session.copyIn("COPY " + name + " FROM STDIN", rows);
            }
        }
        session.query(rest.toString());
        contents.putAll(byName(session.query(String.join(" UNION ALL ", marks) + "; COMMIT")));
    }

    private String sequenceAsItWas(String name) {
        List<String> state = contents.getOrDefault(name, List.of());
        return "SELECT setval(" + PostgresServer.literal(name) + ", " + state.get(2) + ", '" + state.get(3) + "');";
    }

    private long rowsOf(String table) {
        return Long.parseLong(contents.getOrDefault(table, List.of("", "", "0")).get(2));
    }

    /** Return what asks for the mark of each table and view, and the state of each sequence. */
    private String whatChanges() {
        String marks = Stream.concat(
                        tables.entrySet().stream().map(table -> markOf(table.getKey(), table.getValue())),
                        sequences.stream()
                                .map(sequence -> "SELECT 'sequence', " + PostgresServer.literal(sequence)
                                        + ", last_value::text, is_called::text FROM " + sequence))
                .collect(Collectors.joining(" UNION ALL "));
        return marks.isEmpty() ? "SELECT 'rows', '', '', '' WHERE false" : marks;
    }

    private static String markOf(String name, Table table) {
        return "SELECT 'rows', " + PostgresServer.literal(name)
                + ", count(*)::text, coalesce(sum(hashtextextended(" + table.told() + ", 0)), 0)::text FROM ONLY "
                + name
                + " AS withstack_row";
    }

    /** What the mark is of a table whose rows this transaction has written, whatever others write at the same time. */
    private String markOfOwnRows(String name, Table table) {
        List<String> mark = contents.getOrDefault(name, List.of());
        String rows = mark.get(2);
        String digest = table.told().equals(WRITER)
                ? "(" + rows + "::numeric * hashtextextended((txid_current() % 4294967296)::text, 0))::text"
                : PostgresServer.literal(mark.get(3));
        return "SELECT 'rows', " + PostgresServer.literal(name) + ", '" + rows + "', " + digest;
    }

    private static Map<String, List<String>> byName(List<List<String>> rows) {
        Map<String, List<String>> byName = new LinkedHashMap<>();
        rows.forEach(row -> byName.put(row.get(1), row));
        return byName;
    }
}
