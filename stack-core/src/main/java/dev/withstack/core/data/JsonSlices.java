package dev.withstack.core.data;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Cuts a JSON text into parts without reading them: what a server says is handed back to it as it said it. */
final class JsonSlices {
    private final String text;
    private int at;

    private JsonSlices(String text) {
        this.text = text;
    }

    /**
     * Return the text of a field within a field, and so on.
     *
     * @throws IOException if there is none
     */
    static String field(String text, String... path) throws IOException {
        String slice = text;
        for (String name : path) {
            String inner = fields(slice).get(name);
            if (inner == null) {
                throw new IOException("there is no '" + String.join(".", path) + "' in the answer");
            }
            slice = inner;
        }
        return slice;
    }

    /** Return the texts of an object's fields by their names, in order. Names are taken as they are written. */
    static Map<String, String> fields(String text) throws IOException {
        JsonSlices slices = new JsonSlices(text);
        Map<String, String> fields = new LinkedHashMap<>();
        slices.expect('{');
        while (slices.next() == '"') {
            String name = slices.value();
            slices.expect(':');
            slices.next();
            fields.put(name.substring(1, name.length() - 1), slices.value());
            if (slices.next() == ',') {
                slices.at++;
            }
        }
        slices.expect('}');
        return fields;
    }

    /** Return how many elements the list has. */
    static int elements(String text) throws IOException {
        JsonSlices slices = new JsonSlices(text);
        int count = 0;
        slices.expect('[');
        while (slices.next() != ']') {
            String unused = slices.value();
            count++;
            if (slices.next() == ',') {
                slices.at++;
            }
        }
        return count;
    }

    /** Return the next sign that is not blank, without taking it. */
    private char next() throws IOException {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            throw unreadable();
        }
        return text.charAt(at);
    }

    private void expect(char sign) throws IOException {
        if (next() != sign) {
            throw unreadable();
        }
        at++;
    }

    private IOException unreadable() {
        return new IOException("the answer is no JSON object: " + text.substring(0, Math.min(80, text.length())));
    }

    /** Take a value, from its first sign on. */
    private String value() throws IOException {
        int from = at;
        int depth = 0;
        do {
            char sign = next();
            if (sign == '"') {
                skipString();
            } else if (sign == '{' || sign == '[') {
                depth++;
                at++;
            } else if (sign == '}' || sign == ']') {
                depth--;
                at++;
            } else {
                skipPlain();
            }
        } while (depth > 0);
        return text.substring(from, at);
    }

    private void skipString() throws IOException {
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= text.length()) {
            throw unreadable();
        }
        at++;
    }

    /** Numbers, words, and within a value the signs between its parts. */
    private void skipPlain() {
        do {
            at++;
        } while (at < text.length() && "\"{}[],: \t\r\n".indexOf(text.charAt(at)) < 0);
    }
}
