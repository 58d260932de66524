package dev.withstack.launcher.console;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;

/** Writes JSON, one object a line. */
public final class JsonText {

    private JsonText() {}

    /** Return the object on one line, its fields in the order of the map. */
    public static String of(Map<String, ?> object) {
        try {
            return JSON.std.asString(object);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + object.keySet() + " as JSON.", e);
        }
    }

    /** Return the duration as a number of seconds with three decimals. */
    public static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
