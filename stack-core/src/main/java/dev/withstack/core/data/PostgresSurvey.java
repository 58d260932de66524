package dev.withstack.core.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a PostgreSQL server has beside the rows of its databases: roles, and of each database the rights on it and its
 * settings. All of it is asked at once, as each question takes a process in the server's container.
 */
final class PostgresSurvey {
    /** The names of databases that a restore has put beside those in use. */
    static final String BESIDE = "^withstack_(restoring|before)_[0-9]+$";

    /** Neither a name nor a setting has a zero in it. */
    private static final String ASK = "exec psql -X -qtA -0 -z -v ON_ERROR_STOP=1 -d postgres -c \"$1\"";

    private static final String SEPARATOR = "\0";

    /** Roles that are there stay as they are, with their passwords. Rights name the database as {@code :"database"}. */
    private static final String QUESTION =
            """
            SELECT 'database', datname, '' FROM (
                SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate AND datname !~ '%s'
                ORDER BY datname = 'postgres', datname) databases
            UNION ALL SELECT 'role', '', statement FROM (
                SELECT format(
                    'DO $withstack$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = %%L) THEN CREATE ROLE %%I'
                        ' WITH %%s CONNECTION LIMIT %%s%%s%%s; END IF; END $withstack$;',
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
                    CASE WHEN rolpassword IS NULL THEN '' ELSE format(' PASSWORD %%L', rolpassword) END,
                    CASE WHEN rolvaliduntil IS NULL THEN '' ELSE format(' VALID UNTIL %%L', rolvaliduntil) END) AS statement
                FROM pg_authid WHERE rolname !~ '^pg_' ORDER BY rolname) roles
            UNION ALL SELECT 'role', '', statement FROM (
                SELECT format('GRANT %%I TO %%I%%s;', granted.rolname, member.rolname,
                    CASE WHEN admin_option THEN ' WITH ADMIN OPTION' ELSE '' END) AS statement
                FROM pg_auth_members
                    JOIN pg_roles granted ON granted.oid = roleid
                    JOIN pg_roles member ON member.oid = pg_auth_members.member
                WHERE member.rolname !~ '^pg_' ORDER BY 1) members
            UNION ALL SELECT 'grant', datname, 'REVOKE ALL ON DATABASE :"database" FROM PUBLIC;'
            FROM pg_database WHERE datacl IS NOT NULL
            UNION ALL SELECT 'grant', datname, format('GRANT %%s ON DATABASE :"database" TO %%s%%s;', privilege_type,
                CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
                CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
            FROM pg_database, aclexplode(datacl)
            UNION ALL SELECT 'grant', datname, CASE setrole
                    WHEN 0 THEN 'ALTER DATABASE :"database"'
                    ELSE format('ALTER ROLE %%I IN DATABASE :"database"', pg_get_userbyid(setrole)) END
                || ' SET ' || split_part(setting, '=', 1) || ' TO '
                || CASE WHEN split_part(setting, '=', 1) IN ('search_path', 'temp_tablespaces', 'local_preload_libraries',
                        'session_preload_libraries')
                    THEN substr(setting, strpos(setting, '=') + 1)
                    ELSE quote_literal(substr(setting, strpos(setting, '=') + 1)) END || ';'
            FROM pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase, unnest(setconfig) setting
            """
                    .formatted(BESIDE);

    private final List<String> databases = new ArrayList<>();
    private final StringBuilder roles = new StringBuilder();
    private final Map<String, StringBuilder> grants = new LinkedHashMap<>();

    private PostgresSurvey() {}

    static PostgresSurvey of(Inside inside) throws IOException, InterruptedException {
        return read(inside.run(ASK, QUESTION));
    }

    /** @param answer rows of a kind, a database and a statement, each of them ended by a zero */
    static PostgresSurvey read(String answer) throws IOException {
        PostgresSurvey survey = new PostgresSurvey();
        String[] fields = answer.split(SEPARATOR, -1);
        for (int at = 0; at + 2 < fields.length; at += 3) {
            survey.take(fields[at], fields[at + 1], fields[at + 2]);
        }
        return survey;
    }

    private void take(String kind, String database, String statement) throws IOException {
        switch (kind) {
            case "database" -> databases.add(database);
            case "role" -> roles.append(statement).append('\n');
            case "grant" ->
                grants.computeIfAbsent(database, key -> new StringBuilder())
                        .append(statement)
                        .append('\n');
            default -> throw new IOException("'" + kind + "' was not asked for");
        }
    }

    /** Return the databases that somebody may connect to, {@code postgres} last. */
    List<String> databases() {
        return List.copyOf(databases);
    }

    /** Return the statements that make the roles that are missing. */
    String roles() {
        return roles.toString();
    }

    /** Return the statements that give the database its rights and settings; what pg_dump leaves out. */
    String grants(String database) {
        return String.valueOf(grants.getOrDefault(database, new StringBuilder()));
    }
}
