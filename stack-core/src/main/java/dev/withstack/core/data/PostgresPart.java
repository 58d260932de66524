package dev.withstack.core.data;

import dev.withstack.core.health.PostgresSession;
import java.io.IOException;

/** A database of a PostgreSQL server, made as a copy of the one that the server was made with. */
record PostgresPart(PostgresServer server, String database, int number) implements DataPart {
    /** PostgreSQL cuts names at 63 bytes, and then two parts would be one; the copy of a part has a longer name than it. */
    private static final int LONGEST_NAME = 48;

    private String name() {
        String end = "_part" + number;
        return database.substring(0, Math.min(database.length(), LONGEST_NAME - end.length())) + end;
    }

    @Override
    public void make() throws IOException, InterruptedException {
        remove();
        try (PostgresSession neutral = server.open(PostgresServer.NEUTRAL)) {
            PostgresCluster whole = PostgresCluster.read(neutral, PostgresCluster.about(database));
            server.copy(neutral, whole, database, name());
            String quoted = neutral.query("SELECT quote_ident(" + PostgresServer.literal(database) + ")")
                    .get(0)
                    .get(0);
            for (String statement : whole.sameFor(database, quoted, name())) {
                neutral.query(statement);
            }
        }
    }

    @Override
    public ServiceConnection within(ServiceConnection server) {
        return server instanceof PostgresConnection whole
                ? new PostgresConnection(whole.address(), whole.user(), whole.password(), name())
                : server;
    }

    @Override
    public DataReset reset() {
        return new PostgresReset(server, name());
    }

    @Override
    public void remove() throws IOException {
        try (PostgresSession neutral = server.open(PostgresServer.NEUTRAL)) {
            PostgresReset.dropCopyOf(neutral, name());
            neutral.query("DROP DATABASE IF EXISTS " + PostgresServer.identifier(name()) + " WITH (FORCE)");
        }
    }
}
