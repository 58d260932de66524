package dev.withstack.core.data;

import dev.withstack.core.health.PostgresSession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts a PostgreSQL server back: rows and sequences in place, so that connections that are open go on; a database whose
 * schema was changed is made again from a copy, which ends the connections to it; databases, roles, memberships and
 * settings of the server as they were.
 *
 * <p>Its sessions are kept from one reset to the next, as most of a short one is to log in and to plan. The server itself
 * ends them after a second without use, so that a test can drop, rename and copy a database that one of them is in: the
 * server waits five seconds for others to leave.
 */
final class PostgresReset implements DataReset {
    private static final String COPY_PREFIX = "withstack_kept_";
    private static final Duration A_MOMENT = Duration.ofSeconds(2);
    /** Servers before version 14 end no session by themselves, so none is kept there. */
    private static final String ENDS_BY_ITSELF =
            "SELECT set_config(name, '1s', false) FROM pg_settings WHERE name = 'idle_session_timeout'";

    private final PostgresServer server;
    private final Optional<String> only;
    /** What asks for all that is not in a database itself. */
    private final String around;

    private final Map<String, Kept> databases = new LinkedHashMap<>();
    private final Map<String, PostgresSession> sessions = new LinkedHashMap<>();
    private boolean areSessionsKept;
    private PostgresCluster cluster = PostgresCluster.NOTHING;

    /** Put back the whole server. */
    PostgresReset(PostgresServer server) {
        this.server = server;
        this.only = Optional.empty();
        this.around = PostgresCluster.EVERYTHING;
    }

    /** Put back one of its databases, with its owner, rights and settings. */
    PostgresReset(PostgresServer server, String database) {
        this.server = server;
        this.only = Optional.of(database);
        this.around = PostgresCluster.about(database);
    }

    /**
     * A database as it was.
     *
     * @param copy the database it can be made again from
     * @param ofCopy what that one holds
     */
    private record Kept(PostgresDatabase state, String copy, PostgresDatabase ofCopy) {}

    @Override
    public void remember() throws IOException, InterruptedException {
        close();
        try (PostgresSession neutral = server.open(PostgresServer.NEUTRAL)) {
            for (Kept kept : databases.values()) {
                dropCopy(neutral, kept.copy());
            }
            databases.clear();
            cluster = PostgresCluster.read(neutral, around);
            PostgresDatabase untouched = PostgresDatabase.remember(neutral);
            Map<String, PostgresDatabase> states = new LinkedHashMap<>();
            for (String name : cluster.databases()) {
                try (PostgresSession session = server.open(name)) {
                    states.put(name, PostgresDatabase.remember(session));
                }
            }
            for (Map.Entry<String, PostgresDatabase> state : states.entrySet()) {
                String name = state.getKey();
                boolean isNew = state.getValue().isLike(untouched) && cluster.isMadeLike(PostgresServer.NEUTRAL, name);
                if (isNew) {
                    databases.put(name, new Kept(state.getValue(), PostgresServer.NEUTRAL, untouched));
                } else {
                    String copy = COPY_PREFIX + only.orElse(Integer.toString(databases.size()));
                    dropCopy(neutral, copy);
                    databases.put(name, new Kept(state.getValue(), copy, copied(neutral, name, copy)));
                }
            }
        }
    }

    private PostgresDatabase copied(PostgresSession neutral, String from, String to)
            throws IOException, InterruptedException {
        server.copy(neutral, cluster, from, to);
        PostgresDatabase copy;
        try (PostgresSession session = server.open(to)) {
            copy = PostgresDatabase.lookAt(session);
        }
        neutral.query("ALTER DATABASE " + PostgresServer.identifier(to) + " IS_TEMPLATE true ALLOW_CONNECTIONS false");
        return copy;
    }

    /** Remove the copy that the reset of one database alone has kept, if there is one. */
    static void dropCopyOf(PostgresSession neutral, String database) throws IOException {
        dropCopy(neutral, COPY_PREFIX + database);
    }

    private static void dropCopy(PostgresSession neutral, String copy) throws IOException {
        String literal = PostgresServer.literal(copy);
        boolean isThere = !neutral.query("SELECT 1 FROM pg_database WHERE datname = " + literal)
                .isEmpty();
        if (isThere && copy.startsWith(COPY_PREFIX)) {
            String name = PostgresServer.identifier(copy);
            neutral.query("ALTER DATABASE " + name + " IS_TEMPLATE false");
            neutral.query("DROP DATABASE " + name + " WITH (FORCE)");
        }
    }

    @Override
    public void reset() throws IOException {
        List<String> lost = new ArrayList<>();
        Optional<PostgresCluster> now = Optional.empty();
        for (Map.Entry<String, Kept> kept : databases.entrySet()) {
            try {
                Optional<PostgresSession> session =
                        putBackInPlace(kept.getKey(), kept.getValue().state());
                if (session.isEmpty()) {
                    lost.add(kept.getKey());
                } else if (now.isEmpty()) {
                    now = Optional.of(PostgresCluster.read(session.get(), "EXECUTE withstack_around"));
                }
            } catch (IOException e) {
                // it is gone, lets nobody in, or is locked by someone who does not go: it is made again
                lost.add(kept.getKey());
            }
        }
        if (!areSessionsKept) {
            close();
        }
        if (!lost.isEmpty() || now.filter(cluster::equals).isEmpty()) {
            putBack(lost);
        }
    }

    /** Return the session in which it was done, which is kept for the next time; empty if it could not be done. */
    private Optional<PostgresSession> putBackInPlace(String name, PostgresDatabase state) throws IOException {
        PostgresSession last = sessions.remove(name);
        if (last != null && !answers(last)) {
            end(last);
            last = null;
        }
        PostgresSession session = last == null ? prepared(name, state) : last;
        boolean isPutBack = false;
        try {
            session.endWithin(PostgresServer.LONGEST);
            isPutBack = state.isPutBack(session);
        } finally {
            if (!isPutBack) {
                end(session);
            }
        }
        if (isPutBack) {
            sessions.put(name, session);
        }
        return Optional.ofNullable(sessions.get(name));
    }

    /** The server may have ended it since, or have been where nobody reaches it. */
    private static boolean answers(PostgresSession session) {
        try {
            session.endWithin(A_MOMENT);
            session.query("");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private PostgresSession prepared(String name, PostgresDatabase state) throws IOException {
        PostgresSession session = server.open(name);
        try {
            state.prepare(session);
            session.query("PREPARE withstack_around AS " + around);
            areSessionsKept = !session.query(ENDS_BY_ITSELF).isEmpty();
            return session;
        } catch (IOException e) {
            end(session);
            throw e;
        }
    }

    @Override
    public void close() {
        sessions.values().forEach(PostgresReset::end);
        sessions.clear();
    }

    private static void end(PostgresSession session) {
        try {
            session.close();
        } catch (IOException e) {
            // then it has ended already
        }
    }

    private void putBack(List<String> lost) throws IOException {
        try (PostgresSession neutral = server.open(PostgresServer.NEUTRAL)) {
            PostgresCluster now = PostgresCluster.read(neutral, around);
            for (String name : now.databases()) {
                if (!databases.containsKey(name) || lost.contains(name)) {
                    neutral.query("DROP DATABASE " + PostgresServer.identifier(name) + " WITH (FORCE)");
                }
            }
            // those that owned something are there before what they own
            run(neutral, cluster.rolesSince(now));
            for (String name : lost) {
                Kept kept = kept(name);
                neutral.query(cluster.creation(name, name, kept.copy()));
                kept.state().wasMadeFrom(kept.ofCopy());
            }
            run(neutral, cluster.restSince(PostgresCluster.read(neutral, around)));
        }
    }

    private Kept kept(String name) {
        return Optional.ofNullable(databases.get(name)).orElseThrow();
    }

    /** Some can't be part of a transaction, so each is one. */
    private static void run(PostgresSession session, List<String> statements) throws IOException {
        for (String statement : statements) {
            session.query(statement);
        }
    }
}
