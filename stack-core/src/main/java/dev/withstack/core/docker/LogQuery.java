package dev.withstack.core.docker;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Say which lines of a log are wanted.
 *
 * @param tail only the last so many; all when empty
 * @param since only those from then on; all when empty
 */
public record LogQuery(OptionalInt tail, Optional<Instant> since) {

    /** Ask for everything. */
    public static LogQuery all() {
        return new LogQuery(OptionalInt.empty(), Optional.empty());
    }

    /** Ask for the last lines. */
    public static LogQuery last(int lines) {
        return all().tail(lines);
    }

    /** Narrow to the last lines. */
    public LogQuery tail(int lines) {
        return new LogQuery(OptionalInt.of(lines), since);
    }

    /** Narrow to what was written from then on. */
    public LogQuery since(Instant instant) {
        return new LogQuery(tail, Optional.of(instant));
    }

    Call addTo(Call call) {
        call.query("stdout", "1").query("stderr", "1").query("timestamps", "1");
        if (tail.isPresent()) {
            call.query("tail", Integer.toString(tail.getAsInt()));
        }
        if (since.isPresent()) {
            call.query("since", Rfc3339.unixTime(since.get()));
        }
        return call;
    }
}
