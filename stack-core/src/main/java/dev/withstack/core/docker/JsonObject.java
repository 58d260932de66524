package dev.withstack.core.docker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Give typed access to a parsed JSON object; what is absent, null or of another type reads as empty. */
record JsonObject(Map<String, Object> fields) {

    static final JsonObject EMPTY = new JsonObject(Map.of());

    String text(String key) {
        return fields.get(key) instanceof String value ? value : "";
    }

    long number(String key) {
        return fields.get(key) instanceof Number value ? value.longValue() : 0;
    }

    int integer(String key) {
        return fields.get(key) instanceof Number value ? value.intValue() : 0;
    }

    boolean flag(String key) {
        return Boolean.TRUE.equals(fields.get(key));
    }

    boolean has(String key) {
        return fields.get(key) != null;
    }

    @SuppressWarnings("unchecked")
    JsonObject object(String key) {
        return fields.get(key) instanceof Map<?, ?> value ? new JsonObject((Map<String, Object>) value) : EMPTY;
    }

    List<JsonObject> objects(String key) {
        return fields.get(key) instanceof List<?> values ? objectsOf(values) : List.of();
    }

    List<String> texts(String key) {
        if (!(fields.get(key) instanceof List<?> values)) {
            return List.of();
        }
        List<String> texts = new ArrayList<>(values.size());
        for (Object value : values) {
            if (value != null) {
                texts.add(value.toString());
            }
        }
        return Collections.unmodifiableList(texts);
    }

    /** Return the values as text, in the order of the source. */
    Map<String, String> textMap(String key) {
        Map<String, Object> source = object(key).fields();
        if (source.isEmpty()) {
            return Map.of();
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, Object> entry : source.entrySet()) {
            texts.put(
                    entry.getKey(),
                    entry.getValue() == null ? "" : entry.getValue().toString());
        }
        return Collections.unmodifiableMap(texts);
    }

    List<String> keys(String key) {
        Map<String, Object> source = object(key).fields();
        return source.isEmpty() ? List.of() : Collections.unmodifiableList(new ArrayList<>(source.keySet()));
    }

    @SuppressWarnings("unchecked")
    static List<JsonObject> objectsOf(List<?> values) {
        List<JsonObject> objects = new ArrayList<>(values.size());
        for (Object value : values) {
            if (value instanceof Map<?, ?> map) {
                objects.add(new JsonObject((Map<String, Object>) map));
            }
        }
        return objects;
    }
}
