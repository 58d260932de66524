package dev.withstack.core.docker;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Read and write JSON as plain maps and lists. */
final class Json {

    private Json() {}

    static JsonObject object(byte[] text) throws IOException {
        return object(new String(text, StandardCharsets.UTF_8));
    }

    /** Read an object; {@code null} reads as an empty one. */
    @SuppressWarnings("unchecked")
    static JsonObject object(String text) throws IOException {
        Object value = JsonReader.read(text);
        if (value == null) {
            return JsonObject.EMPTY;
        }
        if (value instanceof Map<?, ?> fields) {
            return new JsonObject((Map<String, Object>) fields);
        }
        throw new ProtocolException("not a JSON object");
    }

    /** Read a list of objects; {@code null} reads as an empty one. */
    static List<JsonObject> objects(byte[] text) throws IOException {
        Object value = JsonReader.read(new String(text, StandardCharsets.UTF_8));
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> values) {
            return JsonObject.objectsOf(values);
        }
        throw new ProtocolException("not a JSON list");
    }

    static byte[] bytes(Map<String, ?> fields) {
        return text(fields).getBytes(StandardCharsets.UTF_8);
    }

    static String text(Map<String, ?> fields) {
        return JsonWriter.write(fields);
    }
}
