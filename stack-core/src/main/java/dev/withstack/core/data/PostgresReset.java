package dev.withstack.core.data;

import dev.withstack.core.health.PostgresSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts a PostgreSQL server back: rows and sequences in place, so that connections that are open go on; a database whose
 * schema was changed is made again from a copy, which ends the connections to it; databases, roles, memberships and
 * settings of the server as they were.
 */
final class PostgresReset implements DataReset {
    private static final String COPY_PREFIX = "withstack_kept_";

    private final PostgresServer server;
    private final Map<String, Kept> databases = new LinkedHashMap<>();
    private PostgresCluster cluster = PostgresCluster.NOTHING;

    PostgresReset(PostgresServer server) {
        this.server = server;
    }

    /**
     * A database as it was.
     *
     * @param copy the database it can be made again from
     */
    private record Kept(PostgresDatabase state, String copy) {}

    @Override
    public void remember() throws IOException, InterruptedException {
        try (PostgresSession neutral = server.open(PostgresServer.NEUTRAL)) {
            for (Kept kept : databases.values()) {
                dropCopy(neutral, kept.copy());
            }
            databases.clear();
            cluster = PostgresCluster.read(neutral);
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
                String copy = isNew ? PostgresServer.NEUTRAL : COPY_PREFIX + databases.size();
                if (!isNew) {
                    dropCopy(neutral, copy);
                    copy(neutral, name, copy);
                }
                databases.put(name, new Kept(state.getValue(), copy));
            }
        }
    }

    /** A plain copy needs that nobody is connected; a dump does not, and takes longer. */
    private void copy(PostgresSession neutral, String from, String to) throws IOException, InterruptedException {
        // our own have said goodbye, and the server waits for their end
        String users = "SELECT 1 FROM pg_stat_activity WHERE application_name <> 'withstack' AND datname = "
                + PostgresServer.literal(from);
        if (!neutral.query(users).isEmpty() || !isCopied(neutral, from, to)) {
            neutral.query(cluster.creation(from, to, PostgresServer.EMPTY));
            server.copy(from, to);
        }
        neutral.query("ALTER DATABASE " + PostgresServer.identifier(to) + " IS_TEMPLATE true ALLOW_CONNECTIONS false");
    }

    private boolean isCopied(PostgresSession neutral, String from, String to) throws IOException {
        try {
            neutral.query(cluster.creation(from, to, from));
            return true;
        } catch (PostgresSession.RefusedException e) {
            // somebody has connected just now
            return false;
        }
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
            try (PostgresSession session = server.open(kept.getKey())) {
                if (!kept.getValue().state().isPutBack(session)) {
                    lost.add(kept.getKey());
                } else if (now.isEmpty()) {
                    now = Optional.of(PostgresCluster.read(session));
                }
            } catch (IOException e) {
                // it is gone, lets nobody in, or is locked by someone who does not go: it is made again
                lost.add(kept.getKey());
            }
        }
        if (!lost.isEmpty() || now.filter(cluster::equals).isEmpty()) {
            putBack(lost);
        }
    }

    private void putBack(List<String> lost) throws IOException {
        try (PostgresSession neutral = server.open(PostgresServer.NEUTRAL)) {
            PostgresCluster now = PostgresCluster.read(neutral);
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
                try (PostgresSession session = server.open(name)) {
                    kept.state().recognize(session);
                }
            }
            run(neutral, cluster.restSince(PostgresCluster.read(neutral)));
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
