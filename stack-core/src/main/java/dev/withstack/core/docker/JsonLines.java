package dev.withstack.core.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Read a stream of JSON objects, one a line. */
final class JsonLines {

    private final InputStream source;
    private final byte[] buffer = new byte[8 * 1024];
    private int position;
    private int limit;

    JsonLines(InputStream source) {
        this.source = source;
    }

    /** Return the next object; null at the end. */
    @Nullable
    JsonObject next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (position == limit && !fill()) {
                return isBlank(line) ? null : Json.object(line.toByteArray());
            }
            int from = position;
            while (position < limit && buffer[position] != '\n') {
                position++;
            }
            line.write(buffer, from, position - from);
            if (position < limit) {
                position++;
                if (!isBlank(line)) {
                    return Json.object(line.toByteArray());
                }
                line.reset();
            }
        }
    }

    private static boolean isBlank(ByteArrayOutputStream line) {
        if (line.size() > 2) {
            return false;
        }
        for (byte one : line.toByteArray()) {
            if (one > ' ') {
                return false;
            }
        }
        return true;
    }

    private boolean fill() throws IOException {
        limit = Math.max(0, source.read(buffer));
        position = 0;
        return limit > 0;
    }
}
