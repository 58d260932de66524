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
 * What one database held when it was remembered: its schema as a digest, the rows of its tables with a digest of each
 * table, and the state of its sequences.
 *
 * <p>As long as the schema is the same, what has changed is put back in place, under the connections that are open. A
 * changed schema is not repaired: the database is made again from a copy.
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

    private static final String WHAT_THERE_IS =
            """
            SELECT c.relkind, format('%%I.%%I', n.nspname, c.relname), CASE WHEN c.relkind = 'S' THEN '0'
                   ELSE pg_table_size(c.oid)::text END
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid >= %d AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'
              AND n.nspname <> 'information_schema'
              AND (c.relkind IN ('r', 'S') OR (c.relkind = 'm' AND c.relispopulated))
            ORDER BY c.oid
            """
                    .formatted(FIRST_OF_USERS);

    private final Map<String, List<String>> schema = new LinkedHashMap<>();
    private final List<String> tables = new ArrayList<>();
    private final List<String> views = new ArrayList<>();
    private final List<String> sequences = new ArrayList<>();
    private final Map<String, byte[]> rows = new LinkedHashMap<>();
    private Map<String, List<String>> contents = Map.of();
    private boolean areRowsKept;

    private PostgresDatabase() {}

    /** Look at the database that the session is in. */
    static PostgresDatabase remember(PostgresSession session) throws IOException {
        PostgresDatabase database = new PostgresDatabase();
        session.query(RULES);
        database.schema.putAll(byName(session.query(SCHEMA)));
        long size = 0;
        for (List<String> row : session.query(WHAT_THERE_IS)) {
            List<String> kind = row.get(0).equals("S")
                    ? database.sequences
                    : row.get(0).equals("m") ? database.views : database.tables;
            kind.add(row.get(1));
            size += kind == database.tables ? Long.parseLong(row.get(2)) : 0;
        }
        database.contents = database.read(session);
        database.areRowsKept = size <= MOST_KEPT;
        if (database.areRowsKept) {
            for (String table : database.tables) {
                if (!database.isEmpty(table)) {
                    database.rows.put(table, session.copyOut("COPY " + table + " TO STDOUT"));
                }
            }
        }
        return database;
    }

    /** Tell whether it holds what the other one holds: a copy of that is the same. */
    boolean isLike(PostgresDatabase other) {
        return schema.equals(other.schema) && contents.equals(other.contents);
    }

    /** Take the schema as it is now for the same one: the database was made again, and the copy has other numbers. */
    void recognize(PostgresSession session) throws IOException {
        session.query(RULES);
        schema.clear();
        schema.putAll(byName(session.query(SCHEMA)));
    }

    /**
     * Put back what has changed, in place.
     *
     * @return whether that was possible; if not, nothing was changed
     */
    boolean isPutBack(PostgresSession session) throws IOException {
        session.query(RULES);
        if (!byName(session.query(SCHEMA)).equals(schema)) {
            return false;
        }
        Map<String, List<String>> read = read(session);
        List<String> changed = contents.entrySet().stream()
                .filter(then -> !then.getValue().equals(read.get(then.getKey())))
                .map(Map.Entry::getKey)
                .toList();
        List<String> changedTables = tables.stream().filter(changed::contains).toList();
        if (!changedTables.isEmpty() && !areRowsKept) {
            return false;
        }
        putBack(session, changed, changedTables);
        return true;
    }

    private void putBack(PostgresSession session, List<String> changed, List<String> changedTables) throws IOException {
        if (changed.isEmpty()) {
            return;
        }
        // checks and views of the stack's own may mean its names
        StringBuilder script = new StringBuilder("RESET search_path; BEGIN;");
        for (String table : changedTables) {
            script.append(" DELETE FROM ONLY ").append(table).append(';');
        }
        session.query(script.toString());
        for (String table : changedTables) {
            byte @Nullable [] kept = rows.get(table);
            if (kept != null) {
                session.copyIn("COPY " + table + " FROM STDIN", kept);
            }
        }
        StringBuilder rest = new StringBuilder();
        for (String sequence : sequences) {
            if (changed.contains(sequence)) {
                List<String> state = contents.getOrDefault(sequence, List.of());
                rest.append("SELECT setval(")
                        .append(PostgresServer.literal(sequence))
                        .append(", ")
                        .append(state.get(2))
                        .append(", '")
                        .append(state.get(3))
                        .append("');");
            }
        }
        views.stream().filter(view -> changed.contains(view)).forEach(view -> rest.append("REFRESH MATERIALIZED VIEW ")
                .append(view)
                .append(';'));
        session.query(rest + "COMMIT;");
    }

    private boolean isEmpty(String table) {
        return contents.getOrDefault(table, List.of("", "", "1")).get(2).equals("0");
    }

    /** Return a digest of each table and view, and the state of each sequence. */
    private Map<String, List<String>> read(PostgresSession session) throws IOException {
        String everything = Stream.concat(
                        Stream.concat(tables.stream(), views.stream())
                                .map(table -> "SELECT 'rows', " + PostgresServer.literal(table)
                                        + ", count(*)::text, coalesce(sum(hashtextextended(withstack_row::text, 0)), 0)"
                                        + "::text FROM ONLY " + table + " AS withstack_row"),
                        sequences.stream()
                                .map(sequence -> "SELECT 'sequence', " + PostgresServer.literal(sequence)
                                        + ", last_value::text, is_called::text FROM " + sequence))
                .collect(Collectors.joining(" UNION ALL "));
        return everything.isEmpty() ? Map.of() : byName(session.query(everything));
    }

    private static Map<String, List<String>> byName(List<List<String>> rows) {
        Map<String, List<String>> byName = new LinkedHashMap<>();
        rows.forEach(row -> byName.put(row.get(1), row));
        return byName;
    }
}
