package dev.withstack.core.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The keys of a Redis server, or those of the one numbered database that is the stack's own, with types and times to
 * live: taken as an RDB file, which is all keys as they were at one moment. A second server within the container reads it
 * and hands the keys to databases of the first that are free; those change places with the ones in use in one
 * transaction. Whether the server writes an append-only file makes no difference.
 */
record RedisHolding(Inside inside, OptionalInt number) implements Holding {
    /** In a database while it is filled; whoever finds it there later may empty that. */
    private static final String MARK = "withstack:restoring";

    private static final String SAVE_ALL = "exec redis-cli --rdb -";

    /**
     * A server of our own beside the one in use, of the file $dir/dump.rdb. It is gone with the script; the file of one that
     * was killed is removed by the next.
     */
    private static final String SECOND_SERVER =
            """
            set -eu
            second=16379
            at=$(redis-cli CONFIG GET dir | sed -n 2p)
            dir=$at/withstack-second
            numbers=$(redis-cli CONFIG GET databases | sed -n 2p)
            server=
            end() {
              [ -z "$server" ] || { kill "$server"; wait "$server" || true; }
              rm -rf "$dir"
            }
            trap end EXIT
            rm -rf "$dir"
            mkdir -m 700 "$dir"
            begin() {
              redis-server --port "$second" --bind 127.0.0.1 --save '' --appendonly no --databases "$numbers" \\
                --dir "$dir" --dbfilename dump.rdb >"$dir/log" 2>&1 &
              server=$!
              until redis-cli -p "$second" PING 2>/dev/null | grep -q PONG; do
                kill -0 "$server" 2>/dev/null || { server=; cat "$dir/log" >&2; exit 1; }
                sleep 0.1
              done
            }
            used() {
              redis-cli -p "$1" INFO keyspace | sed -n 's/^db\\([0-9]*\\):.*/\\1/p'
            }
            """;

    /** $1 is the number to keep. */
    private static final String SAVE_ONE = SECOND_SERVER
            + """
            redis-cli --rdb "$dir/dump.rdb" >&2
            begin
            for one in $(used "$second"); do
              [ "$one" = "$1" ] || redis-cli -p "$second" -n "$one" FLUSHDB >&2
            done
            redis-cli -p "$second" --rdb -
            """;

    /**
     * $1 is the number of bytes to read, $2 the number that the keys go to, or nothing if each goes where it was. Writes
     * {@code number free count} for each database.
     */
    private static final String PREPARE = SECOND_SERVER
            + """
            head -c "$1" >"$dir/dump.rdb"
            [ "$(wc -c <"$dir/dump.rdb")" -eq "$1" ] || exit 1
            begin
            memory() {
              redis-cli -p "$1" INFO memory | tr -d '\\r' | sed -n "s/^$2://p"
            }
            most=$(memory 6379 maxmemory)
            if [ "$most" -gt 0 ] && [ $(($(memory 6379 used_memory) + $(memory "$second" used_memory))) -gt "$most" ]; then
              echo "its memory is limited to $most bytes, which is too little for the keys that are there and those" \\
                'that come; raise the limit, or empty it first' >&2
              exit 1
            fi
            for one in $(used 6379); do
              [ "$(redis-cli -n "$one" EXISTS %1$s)" = 0 ] || redis-cli -n "$one" FLUSHDB >&2
            done
            free=$((numbers - 1))
            for one in $(used "$second"); do
              to=${2:-$one}
              while used 6379 | grep -qx "$free" || used "$second" | grep -qx "$free" || [ "$free" = "$to" ]; do
                free=$((free - 1))
                [ "$free" -ge 0 ] || { echo "none of its $numbers numbered databases is free" >&2; exit 1; }
              done
              redis-cli -n "$free" SET %1$s 1 >&2
              redis-cli -p "$second" -n "$one" EVAL "local at = '0'
                repeat
                  local found = redis.call('SCAN', at, 'COUNT', 500)
                  at = found[1]
                  if #found[2] > 0 then
                    redis.call('MIGRATE', '127.0.0.1', 6379, '', ARGV[1], 60000, 'COPY', 'REPLACE', 'KEYS', unpack(found[2]))
                  end
                until at == '0'" 0 "$free" >&2
              tries=0
              until [ $(($(redis-cli -p "$second" -n "$one" DBSIZE) + 1)) = "$(redis-cli -n "$free" DBSIZE)" ]; do
                tries=$((tries + 1))
                [ "$tries" -lt 100 ] || { echo 'not as many keys arrived as were saved' >&2; exit 1; }
                sleep 0.1
              done
              echo "$to $free"
            done
            """
                    .formatted(MARK);

    private static final String TRANSACTION =
            "answers=$(head -c \"$1\" | redis-cli) || exit 1; case $answers in *ERR*) echo \"$answers\" >&2; exit 1;; esac";

    @Override
    public String service() {
        return inside.service().name();
    }

    @Override
    public String kind() {
        return "redis";
    }

    @Override
    public void save(Box box) throws IOException, InterruptedException {
        String script = number.isPresent() ? SAVE_ONE : SAVE_ALL;
        String only = number.isPresent() ? Integer.toString(number.getAsInt()) : "";
        box.add("keys", "rdb", Holding.uncounted(out -> inside.pipe(script, InputStream.nullInputStream(), out, only)));
    }

    @Override
    public Replacement prepare(Contents contents) throws IOException, InterruptedException {
        Map<Integer, Integer> freeByNumber = new LinkedHashMap<>();
        for (Manifest.Piece piece : contents.part().pieces()) {
            try (InputStream content = contents.open(piece)) {
                ByteArrayOutputStream said = new ByteArrayOutputStream();
                inside.pipe(
                        PREPARE,
                        content,
                        said,
                        Long.toString(piece.size()),
                        number.isPresent() ? Integer.toString(number.getAsInt()) : "");
                said.toString(StandardCharsets.UTF_8).lines().forEach(line -> {
                    String[] words = line.split(" ");
                    freeByNumber.put(Integer.valueOf(words[0]), Integer.valueOf(words[1]));
                });
            }
        }
        return new Exchange(freeByNumber);
    }

    /** Numbered databases that change places. */
    private final class Exchange implements Replacement {
        private final Map<Integer, Integer> freeByNumber;

        Exchange(Map<Integer, Integer> freeByNumber) {
            this.freeByNumber = freeByNumber;
        }

        @Override
        public void putInPlace() throws IOException, InterruptedException {
            StringBuilder commands = new StringBuilder("MULTI\n");
            if (number.isEmpty()) {
                for (String used : inside.run("redis-cli INFO keyspace | sed -n 's/^db\\([0-9]*\\):.*/\\1/p'")
                        .lines()
                        .toList()) {
                    Integer one = Integer.valueOf(used);
                    if (!freeByNumber.containsKey(one) && !freeByNumber.containsValue(one)) {
                        commands.append("SELECT ").append(one).append("\nFLUSHDB\n");
                    }
                }
            } else if (freeByNumber.isEmpty()) {
                commands.append("SELECT ").append(number.getAsInt()).append("\nFLUSHDB\n");
            }
            freeByNumber.forEach((to, free) -> commands.append("SELECT ")
                    .append(free)
                    .append("\nDEL " + MARK + "\nSWAPDB ")
                    .append(to)
                    .append(' ')
                    .append(free)
                    .append("\nFLUSHDB ASYNC\n"));
            inside.run(TRANSACTION, commands.append("EXEC\n").toString().getBytes(StandardCharsets.UTF_8));
            freeByNumber.clear();
        }

        @Override
        public void discard() throws IOException, InterruptedException {
            for (Integer free : freeByNumber.values()) {
                inside.pipe(
                        "exec redis-cli -n \"$1\" FLUSHDB",
                        InputStream.nullInputStream(),
                        OutputStream.nullOutputStream(),
                        free.toString());
            }
            freeByNumber.clear();
        }
    }
}
