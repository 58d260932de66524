package dev.withstack.core.docker;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Write maps, collections, texts, numbers and booleans as JSON. */
final class JsonWriter {

    private final StringBuilder out = new StringBuilder(512);

    private JsonWriter() {}

    static String write(Object value) {
        JsonWriter writer = new JsonWriter();
        writer.value(value);
        return writer.out.toString();
    }

    private void value(@Nullable Object value) {
        if (value instanceof CharSequence text) {
            text(text);
        } else if (value instanceof Map<?, ?> map) {
            object(map);
        } else if (value instanceof Iterable<?> values) {
            array(values);
        } else if (value == null || value instanceof Boolean || isFinite(value)) {
            out.append(value);
        } else {
            throw new IllegalArgumentException("Can't be written as JSON: '" + value + "' of "
                    + value.getClass().getName() + "; use maps, lists, texts, numbers and booleans");
        }
    }

    private static boolean isFinite(Object value) {
        return value instanceof Number number && Double.isFinite(number.doubleValue());
    }

    private void object(Map<?, ?> map) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            text(String.valueOf(entry.getKey()));
            out.append(':');
            value(entry.getValue());
            separator = ",";
        }
        out.append('}');
    }

    private void array(Iterable<?> values) {
        out.append('[');
        String separator = "";
        for (Object value : values) {
            out.append(separator);
            value(value);
            separator = ",";
        }
        out.append(']');
    }

    private void text(CharSequence text) {
        out.append('"');
        for (int at = 0; at < text.length(); at++) {
            char one = text.charAt(at);
            if (one == '"' || one == '\\') {
                out.append('\\').append(one);
            } else if (one < ' ') {
                control(one);
            } else {
                out.append(one);
            }
        }
        out.append('"');
    }

    private void control(char one) {
        int known = "\b\f\n\r\t".indexOf(one);
        if (known >= 0) {
            out.append('\\').append("bfnrt".charAt(known));
        } else {
            out.append(one < 0x10 ? "\\u000" : "\\u00").append(Integer.toHexString(one));
        }
    }
}
