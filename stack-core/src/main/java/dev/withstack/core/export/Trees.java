package dev.withstack.core.export;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes what {@link Yaml} writes. */
final class Trees {

    private Trees() {}

    /** Return a map in the order given. */
    static Map<String, Object> mapOf(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    static void put(Map<String, Object> tree, String name, List<?> part) {
        if (!part.isEmpty()) {
            tree.put(name, part);
        }
    }

    static void put(Map<String, Object> tree, String name, Map<String, ?> part) {
        if (!part.isEmpty()) {
            tree.put(name, part);
        }
    }

    static void put(Map<String, Object> tree, String name, String text) {
        if (!text.isEmpty()) {
            tree.put(name, text);
        }
    }
}
