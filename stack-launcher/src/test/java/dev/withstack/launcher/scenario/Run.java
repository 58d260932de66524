package dev.withstack.launcher.scenario;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A run of the launcher that has ended.
 *
 * @param command the arguments it was given
 * @param out what it printed
 * @param err what it printed to the error stream
 * @param took the whole process, from its start to its end
 */
public record Run(List<String> command, int exitCode, String out, String err, Duration took) {

    /** Return the events that {@code --output json} printed. */
    public List<Map<String, Object>> events() {
        return out.lines().filter(line -> line.startsWith("{")).map(Run::read).toList();
    }

    /** Return the events of one kind. */
    public List<Map<String, Object>> events(String kind) {
        return events().stream()
                .filter(event -> kind.equals(event.get("event")))
                .toList();
    }

    private static Map<String, Object> read(String line) {
        try {
            return JSON.std.mapFrom(line);
        } catch (IOException e) {
            throw new UncheckedIOException("This line is no JSON: " + line, e);
        }
    }

    @Override
    public String toString() {
        return "stack " + String.join(" ", command) + " ended with " + exitCode + " after " + took.toMillis()
                + " ms\n--- out\n" + out + "--- err\n" + err;
    }
}
