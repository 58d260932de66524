package dev.withstack.core.data;

import dev.withstack.core.data.RedisSession.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The keys of one numbered database of a Redis server as they were, with the time that each had left. */
record RedisKeys(List<Key> keys) {
    static final RedisKeys NONE = new RedisKeys(List.of());

    /**
     * A key.
     *
     * @param millisLeft to live, 0 for ever
     */
    record Key(byte[] name, byte[] dump, long millisLeft) {}

    static RedisKeys read(RedisSession session, int database) throws IOException {
        Reply unused = session.call("SELECT", database);
        List<Key> keys = new ArrayList<>();
        String cursor = "0";
        do {
            List<Reply> page = session.call("SCAN", cursor, "COUNT", 1000).all();
            cursor = page.get(0).text();
            List<Reply> names = page.get(1).all();
            List<List<byte[]>> commands = new ArrayList<>();
            for (Reply name : names) {
                commands.add(RedisSession.words("DUMP", name.bytes()));
                commands.add(RedisSession.words("PTTL", name.bytes()));
            }
            List<Reply> replies = session.callAll(commands);
            for (int i = 0; i < names.size(); i++) {
                // a key may have gone since
                if (replies.get(2 * i) instanceof Reply.Bytes dump) {
                    long left = Long.parseLong(replies.get(2 * i + 1).text());
                    keys.add(new Key(names.get(i).bytes(), dump.value(), Math.max(0, left)));
                }
            }
        } while (!cursor.equals("0"));
        return new RedisKeys(keys);
    }

    /** Let a database hold these keys and no others. */
    void putInto(RedisSession session, int database) throws IOException {
        // a transaction goes on after a refusal, and would empty another database than the one that is not there
        Reply unused = session.call("SELECT", database);
        runAtOnce(session, into(database));
    }

    /** Return the commands that let a database, which must be there, hold these keys and no others. */
    List<List<byte[]>> into(int database) {
        List<List<byte[]>> commands = new ArrayList<>();
        commands.add(RedisSession.words("SELECT", database));
        commands.add(RedisSession.words("FLUSHDB"));
        for (Key key : keys) {
            commands.add(RedisSession.words("RESTORE", key.name(), key.millisLeft(), key.dump()));
        }
        return commands;
    }

    /** Run the commands in one transaction, so that nobody sees what is between them. */
    static void runAtOnce(RedisSession session, List<List<byte[]>> commands) throws IOException {
        List<List<byte[]>> all = new ArrayList<>();
        all.add(RedisSession.words("MULTI"));
        all.addAll(commands);
        all.add(RedisSession.words("EXEC"));
        List<Reply> replies = session.callAll(all);
        for (Reply done : replies.get(replies.size() - 1).all()) {
            if (done instanceof Reply.Refused refused) {
                throw new IOException("a key could not be put back: " + refused.message());
            }
        }
    }
}
