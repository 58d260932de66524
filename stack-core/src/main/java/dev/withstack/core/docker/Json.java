package dev.withstack.core.docker;

import com.fasterxml.jackson.jr.ob.JSON;
import com.fasterxml.jackson.jr.ob.JSONObjectException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Read and write JSON as plain maps and lists. */
final class Json {

    private Json() {}

    static JsonObject object(byte[] text) throws IOException {
        Map<String, Object> fields = JSON.std.mapFrom(text);
        return fields == null ? JsonObject.EMPTY : new JsonObject(fields);
    }

    static JsonObject object(String text) throws IOException {
        Map<String, Object> fields = JSON.std.mapFrom(text);
        return fields == null ? JsonObject.EMPTY : new JsonObject(fields);
    }

    static List<JsonObject> objects(byte[] text) throws IOException {
        List<Object> values = JSON.std.listFrom(text);
        return values == null ? List.of() : JsonObject.objectsOf(values);
    }

    static byte[] bytes(Map<String, ?> fields) {
        try {
            return JSON.std.asBytes(fields);
        } catch (JSONObjectException e) {
            throw new IllegalArgumentException("Can't be written as JSON: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IllegalStateException("Writing to memory does not fail", e);
        }
    }

    static String text(Map<String, ?> fields) {
        return new String(bytes(fields), java.nio.charset.StandardCharsets.UTF_8);
    }
}
