package dev.withstack.core.data;

import dev.withstack.core.data.RedisSession.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts a Redis server back: its keys with the time they have left, in all databases, in one transaction, so that nobody
 * sees it empty; its users, scripts, functions and settings. Connections that are open go on.
 */
final class RedisReset implements DataReset {
    private final Whereabouts server;
    private final Map<Integer, RedisKeys> keys = new LinkedHashMap<>();
    private Map<String, String> settings = Map.of();
    private List<String> users = List.of();
    private byte[] functions = new byte[0];

    RedisReset(Whereabouts server) {
        this.server = server;
    }

    @Override
    public void remember() throws IOException {
        keys.clear();
        try (RedisSession session = RedisSession.open(server.now())) {
            for (int database : databases(session)) {
                keys.put(database, RedisKeys.read(session, database));
            }
            settings = settings(session);
            users = users(session);
            functions = isKnown(session, "FUNCTION")
                    ? session.call("FUNCTION", "DUMP").bytes()
                    : new byte[0];
        }
    }

    @Override
    public void reset() throws IOException {
        try (RedisSession session = RedisSession.open(server.now())) {
            putBackUsers(session);
            Map<String, String> now = settings(session);
            putBackSettings(session, now);
            List<List<byte[]>> commands = new ArrayList<>();
            // FLUSHALL would first write an empty file to the disk, where the server saves its data at times
            for (int database : allDatabases(session, now)) {
                commands.addAll(keys.getOrDefault(database, RedisKeys.NONE).into(database));
            }
            commands.add(RedisSession.words("SCRIPT", "FLUSH"));
            if (isKnown(session, "FUNCTION")) {
                commands.add(RedisSession.words("FUNCTION", "FLUSH"));
                if (functions.length > 0) {
                    commands.add(RedisSession.words("FUNCTION", "RESTORE", functions));
                }
            }
            RedisKeys.runAtOnce(session, commands);
        }
    }

    private void putBackSettings(RedisSession session, Map<String, String> now) throws IOException {
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            if (!setting.getValue().equals(now.get(setting.getKey()))) {
                Reply unused = session.call("CONFIG", "SET", setting.getKey(), setting.getValue());
            }
        }
    }

    private void putBackUsers(RedisSession session) throws IOException {
        List<String> now = users(session);
        if (now.equals(users)) {
            return;
        }
        for (String user : users) {
            // user NAME rules...
            List<Object> words = new ArrayList<>(List.of("ACL", "SETUSER", user.split(" ")[1], "reset"));
            words.addAll(List.of(user.split(" ")).subList(2, user.split(" ").length));
            Reply unused = session.call(words.toArray());
        }
        Set<String> names = new LinkedHashSet<>();
        users.forEach(user -> names.add(user.split(" ")[1]));
        for (String user : now) {
            if (!names.contains(user.split(" ")[1])) {
                Reply unused = session.call("ACL", "DELUSER", user.split(" ")[1]);
            }
        }
    }

    private static List<String> users(RedisSession session) throws IOException {
        return isKnown(session, "ACL")
                ? session.call("ACL", "LIST").all().stream().map(Reply::text).toList()
                : List.of();
    }

    private static Map<String, String> settings(RedisSession session) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        List<Reply> replies = session.call("CONFIG", "GET", "*").all();
        for (int i = 0; i + 1 < replies.size(); i += 2) {
            settings.put(replies.get(i).text(), replies.get(i + 1).text());
        }
        return settings;
    }

    /** Return the numbers of all databases, or where the server does not say how many it has, of those that hold or held keys. */
    private Set<Integer> allDatabases(RedisSession session, Map<String, String> settings) throws IOException {
        Set<Integer> all = new TreeSet<>(keys.keySet());
        all.addAll(databases(session));
        for (int database = 0; database < Integer.parseInt(settings.getOrDefault("databases", "0")); database++) {
            all.add(database);
        }
        return all;
    }

    /** Return the numbers of the databases that hold keys. */
    private static List<Integer> databases(RedisSession session) throws IOException {
        return session.call("INFO", "keyspace")
                .text()
                .lines()
                .filter(line -> line.startsWith("db"))
                .map(line -> Integer.parseInt(line.substring(2, line.indexOf(':'))))
                .toList();
    }

    /** Older servers, and those that only speak the protocol, don't know all commands. */
    private static boolean isKnown(RedisSession session, String command) throws IOException {
        List<Reply> info = session.call("COMMAND", "INFO", command).all();
        return !info.isEmpty() && info.get(0) instanceof Reply.Several;
    }
}
