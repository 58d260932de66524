package dev.withstack.core.data;

import dev.withstack.core.data.RedisSession.Reply;
import java.io.IOException;
import java.util.List;

/** A numbered database of a Redis server, with a copy of what the first one holds. */
record RedisPart(Whereabouts server, int number) implements DataPart {
    private static final int FIRST = 0;

    @Override
    public void make() throws IOException {
        try (RedisSession session = RedisSession.open(server.now())) {
            List<Reply> databases = session.call("CONFIG", "GET", "databases").all();
            if (databases.size() == 2
                    && number >= Integer.parseInt(databases.get(1).text())) {
                throw new IOException("it has " + databases.get(1).text()
                        + " databases, of which the first is nobody's," + " and all others are in use at the moment");
            }
            RedisKeys.read(session, FIRST).putInto(session, number);
        }
    }

    @Override
    public ServiceConnection within(ServiceConnection server) {
        return server instanceof RedisConnection whole ? new RedisConnection(whole.address(), number) : server;
    }

    @Override
    public DataReset reset() {
        return new KeysReset(server, number);
    }

    @Override
    public void remove() throws IOException {
        try (RedisSession session = RedisSession.open(server.now())) {
            RedisKeys.NONE.putInto(session, number);
        }
    }

    /** Puts the keys of one database back. */
    private static final class KeysReset implements DataReset {
        private final Whereabouts server;
        private final int database;
        private RedisKeys keys = RedisKeys.NONE;

        KeysReset(Whereabouts server, int database) {
            this.server = server;
            this.database = database;
        }

        @Override
        public void remember() throws IOException {
            try (RedisSession session = RedisSession.open(server.now())) {
                keys = RedisKeys.read(session, database);
            }
        }

        @Override
        public void reset() throws IOException {
            try (RedisSession session = RedisSession.open(server.now())) {
                keys.putInto(session, database);
            }
        }
    }
}
