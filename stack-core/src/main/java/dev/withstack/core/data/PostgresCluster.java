package dev.withstack.core.data;

import dev.withstack.core.health.PostgresSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What belongs to a PostgreSQL server as a whole, each thing with the statement that makes it so.
 *
 * @param roles by name
 * @param byName its databases, and of the templates the one that new ones are made from
 * @param grants memberships, rights on databases and settings of roles and databases: the statement that gives, and the
 *     one that takes it back
 * @param system what {@code ALTER SYSTEM} has set
 */
record PostgresCluster(
        Map<String, String> roles,
        Map<String, Database> byName,
        Map<String, String> grants,
        Map<String, String> system) {
    static final PostgresCluster NOTHING = new PostgresCluster(Map.of(), Map.of(), Map.of(), Map.of());

    /** Settings whose value is a list: as one text it would be one name with commas in it. */
    private static final String LISTS = "'search_path', 'session_preload_libraries', 'shared_preload_libraries',"
            + " 'local_preload_libraries', 'temp_tablespaces', 'unix_socket_directories', 'DateStyle'";

    private static final String ROLES =
            """
            SELECT 'role', rolname, format(
                'ALTER ROLE %I WITH %s %s %s %s %s %s %s CONNECTION LIMIT %s PASSWORD %L VALID UNTIL %L', rolname,
                CASE WHEN rolsuper THEN 'SUPERUSER' ELSE 'NOSUPERUSER' END,
                CASE WHEN rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END,
                CASE WHEN rolcreaterole THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END,
                CASE WHEN rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END,
                CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END,
                CASE WHEN rolreplication THEN 'REPLICATION' ELSE 'NOREPLICATION' END,
                CASE WHEN rolbypassrls THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END,
                rolconnlimit, rolpassword, coalesce(rolvaliduntil::text, 'infinity')), ''
              FROM pg_authid WHERE rolname !~ '^pg_'
            """;
    private static final String MEMBERSHIPS =
            """
            SELECT 'grant', format('GRANT %I TO %I%s', g.rolname, m.rolname,
                CASE WHEN a.admin_option THEN ' WITH ADMIN OPTION' ELSE '' END),
                format('REVOKE %I FROM %I', g.rolname, m.rolname), ''
              FROM pg_auth_members a JOIN pg_authid g ON g.oid = a.roleid JOIN pg_authid m ON m.oid = a.member
              WHERE m.rolname !~ '^pg_'
            """;
    private static final String SYSTEM =
            """
            SELECT 'system', name, CASE WHEN name IN (%s) THEN setting ELSE format('%%L', setting) END, ''
              FROM pg_file_settings WHERE sourcefile LIKE '%%postgresql.auto.conf'
            """
                    .formatted(LISTS);
    private static final String DATABASES =
            """
            SELECT 'database', datname,
                format('OWNER TO %I', pg_get_userbyid(datdba)) || ' | '
                    || format('WITH CONNECTION LIMIT %s ALLOW_CONNECTIONS %s IS_TEMPLATE false', datconnlimit, datallowconn::text),
                format('ENCODING %L LC_COLLATE %L LC_CTYPE %L', pg_encoding_to_char(encoding), datcollate, datctype)
              FROM pg_database WHERE (NOT datistemplate OR datname = 'template1')
            """;
    private static final String RIGHTS =
            """
            SELECT 'grant', format('GRANT %s ON DATABASE %I TO %s%s', x.privilege_type, datname,
                CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE format('%I', pg_get_userbyid(x.grantee)) END,
                CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END),
                format('REVOKE %s ON DATABASE %I FROM %s', x.privilege_type, datname,
                CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE format('%I', pg_get_userbyid(x.grantee)) END), ''
              FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) x
              WHERE NOT datistemplate
            """;
    private static final String SETTINGS =
            """
            SELECT 'grant', format('ALTER %%s SET %%s = %%s', target, name,
                CASE WHEN name IN (%s) THEN value ELSE format('%%L', value) END),
                format('ALTER %%s RESET %%s', target, name), ''
              FROM (SELECT datname, CASE
                    WHEN s.setrole = 0 THEN format('DATABASE %%I', datname)
                    WHEN s.setdatabase = 0 THEN format('ROLE %%I', pg_get_userbyid(s.setrole))
                    ELSE format('ROLE %%I IN DATABASE %%I', pg_get_userbyid(s.setrole), datname) END AS target,
                  split_part(c, '=', 1) AS name, substr(c, strpos(c, '=') + 1) AS value
                FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) c) settings
              WHERE true
            """
                    .formatted(LISTS);

    /** What asks a server for everything. */
    static final String EVERYTHING =
            String.join(" UNION ALL ", ROLES, DATABASES, MEMBERSHIPS, RIGHTS, SETTINGS, SYSTEM);

    /** Return what asks a server for what belongs to one database alone. */
    static String about(String database) {
        return Stream.of(DATABASES, RIGHTS, SETTINGS)
                .map(part -> part + " AND datname = " + PostgresServer.literal(database))
                .collect(Collectors.joining(" UNION ALL "));
    }

    /**
     * A database.
     *
     * @param locale what it is created with, where the template does not say so
     * @param manners what is said of it afterwards, its owner first
     */
    record Database(String locale, List<String> manners) {}

    /** @param question {@link #EVERYTHING} or what is {@link #about} a database, or what executes it where it is prepared */
    static PostgresCluster read(PostgresSession session, String question) throws IOException {
        Map<String, String> roles = new TreeMap<>();
        Map<String, Database> databases = new TreeMap<>();
        Map<String, String> grants = new TreeMap<>();
        Map<String, String> system = new TreeMap<>();
        for (List<String> row : session.query(question)) {
            switch (row.get(0)) {
                case "role" -> roles.put(row.get(1), row.get(2));
                case "database" ->
                    databases.put(
                            row.get(1),
                            new Database(row.get(3), List.of(row.get(2).split(" \\| ", 2))));
                case "grant" -> grants.put(row.get(1), row.get(2));
                default -> system.put(row.get(1), row.get(2));
            }
        }
        return new PostgresCluster(roles, databases, grants, system);
    }

    /** Return the names of the databases that are no templates. */
    List<String> databases() {
        return byName.keySet().stream()
                .filter(name -> !name.equals(PostgresServer.NEUTRAL))
                .toList();
    }

    /** Tell whether two databases have the same locale. */
    boolean isMadeLike(String one, String other) {
        return locale(one).equals(locale(other));
    }

    private String locale(String name) {
        return Optional.ofNullable(byName.get(name)).map(Database::locale).orElse("");
    }

    /** Return the statement that makes a database as the one of that name is, from a template. */
    String creation(String like, String name, String template) {
        return "CREATE DATABASE " + PostgresServer.identifier(name) + " TEMPLATE "
                + PostgresServer.identifier(template)
                + (template.equals(PostgresServer.EMPTY) ? " " + locale(like) : "");
    }

    /**
     * Return what lets another database be used as the one that this is {@link #about} is: by the same owner, with the same
     * rights and settings.
     *
     * @param quoted this one's name, as the server writes it
     */
    List<String> sameFor(String name, String quoted, String other) {
        String there = "DATABASE " + PostgresServer.identifier(other);
        List<String> statements = new ArrayList<>();
        statements.add("REVOKE ALL ON " + there + " FROM PUBLIC");
        Optional.ofNullable(byName.get(name))
                .ifPresent(database -> database.manners().forEach(as -> statements.add("ALTER " + there + " " + as)));
        grants.keySet().forEach(give -> statements.add(give.replace("DATABASE " + quoted + " ", there + " ")));
        return statements;
    }

    /** Return what makes the roles that are there now as they were, except those that have come since. */
    List<String> rolesSince(PostgresCluster now) {
        List<String> statements = new ArrayList<>();
        roles.forEach((name, as) -> {
            if (!now.roles.containsKey(name)) {
                statements.add("CREATE ROLE " + PostgresServer.identifier(name));
            }
            if (!as.equals(now.roles.get(name))) {
                statements.add(as);
            }
        });
        return statements;
    }

    /** Return what makes the rest as it was, once the databases are there. */
    List<String> restSince(PostgresCluster now) {
        List<String> statements = new ArrayList<>();
        databases().forEach(name -> {
            Database database = byName.get(name);
            Database there = now.byName.get(name);
            if (database != null && (there == null || !there.manners().equals(database.manners()))) {
                database.manners()
                        .forEach(as -> statements.add("ALTER DATABASE " + PostgresServer.identifier(name) + " " + as));
            }
        });
        now.grants.forEach((give, take) -> {
            if (!grants.containsKey(give)) {
                statements.add(take);
            }
        });
        now.roles.keySet().stream()
                .filter(name -> !roles.containsKey(name))
                .forEach(name -> statements.add("DROP ROLE " + PostgresServer.identifier(name)));
        grants.keySet().stream().filter(give -> !now.grants.containsKey(give)).forEach(statements::add);
        if (!system.equals(now.system)) {
            statements.add("ALTER SYSTEM RESET ALL");
            system.forEach((name, value) -> statements.add("ALTER SYSTEM SET " + name + " = " + value));
            statements.add("SELECT pg_reload_conf()");
        }
        return statements;
    }
}
