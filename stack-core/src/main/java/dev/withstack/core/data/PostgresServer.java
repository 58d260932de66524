package dev.withstack.core.data;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.health.PostgresSession;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A PostgreSQL server, and the tools in its container.
 *
 * @param user its superuser
 * @param shell runs a command in its container
 */
record PostgresServer(Whereabouts server, String user, String password, Shell shell) {
    static final Duration LONGEST = Duration.ofMinutes(2);
    /** Nobody works in it, so that whatever is done to databases can be done from here. */
    static final String NEUTRAL = "template1";

    static final String EMPTY = "template0";

    /** Tools that are newer than their server set what the server does not know, and only that is left out. */
    private static final String COPY_BY_DUMP =
            """
            export PGPASSWORD="$POSTGRES_PASSWORD" PGUSER="$POSTGRES_USER" PGHOST=127.0.0.1
            dump=$(mktemp) && pg_dump -d "$0" -f "$dump" && sed -i '/^SET transaction_timeout = 0;$/d' "$dump" \\
              && psql -qX -v ON_ERROR_STOP=1 -d "$1" -f "$dump" >/dev/null
            code=$?; rm -f "$dump"; exit $code
            """;

    /** Runs a command in a container. */
    interface Shell {
        Driver.ExecResult run(List<String> command) throws InterruptedException;
    }

    PostgresSession open(String database) throws IOException {
        PostgresSession session = PostgresSession.open(server.now(), user, password, database);
        session.endWithin(LONGEST);
        return session;
    }

    /**
     * Make a database with all that is in another one. A plain copy needs that nobody is connected to that; a dump does
     * not, and takes longer.
     *
     * @param session in neither of the two
     * @param cluster knows the other one
     */
    void copy(PostgresSession session, PostgresCluster cluster, String from, String to)
            throws IOException, InterruptedException {
        // our own have said goodbye, and the server waits for their end
        String users =
                "SELECT 1 FROM pg_stat_activity WHERE application_name <> 'withstack' AND datname = " + literal(from);
        if (!session.query(users).isEmpty() || !isCopied(session, cluster, from, to)) {
            session.query(cluster.creation(from, to, EMPTY));
            copyByDump(from, to);
        }
    }

    private static boolean isCopied(PostgresSession session, PostgresCluster cluster, String from, String to)
            throws IOException {
        try {
            session.query(cluster.creation(from, to, from));
            return true;
        } catch (PostgresSession.RefusedException e) {
            // somebody has connected just now
            return false;
        }
    }

    private void copyByDump(String from, String to) throws IOException, InterruptedException {
        Driver.ExecResult result = shell.run(List.of("sh", "-c", COPY_BY_DUMP, from, to));
        if (result.exitCode() != 0) {
            throw new IOException(
                    "copying the database " + from + " failed: " + (result.stderr() + result.stdout()).strip());
        }
    }

    static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
