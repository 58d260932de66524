package dev.withstack.core.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes texts as Java. Where a text came from references to variables, it has marks that tell them from the rest, and is
 * written as what the settings hold.
 */
final class JavaText {
    private static final char BEGIN = '\uE000';
    private static final char MIDDLE = '\uE001';
    private static final char END = '\uE002';

    private JavaText() {}

    /** Return a reference as a mark: its name, and what holds where nothing is set, which may have marks itself. */
    static String mark(String name, String usual) {
        return BEGIN + name + MIDDLE + usual + END;
    }

    static boolean hasMarks(String text) {
        return text.indexOf(BEGIN) >= 0;
    }

    /** Return the words with marks, unless a line was split within a mark: then those without. */
    static List<String> agreeing(List<String> words, List<String> marked) {
        boolean isWhole = marked.stream()
                .allMatch(word -> word.chars().filter(next -> next == BEGIN).count()
                        == word.chars().filter(next -> next == END).count());
        return isWhole && words.size() == marked.size() ? marked : words;
    }

    /** Return the text as a Java expression of the type {@code String}. */
    static String string(String text) {
        List<String> parts = new ArrayList<>();
        for (String part : parts(text)) {
            parts.add(
                    isMark(part)
                            ? "settings.text(" + quoted(name(part)) + ", " + string(usual(part)) + ")"
                            : quoted(part));
        }
        return parts.isEmpty() ? "\"\"" : String.join(" + ", parts);
    }

    /** Return the text as a Java expression of the type {@code Value}, in which secrets are such. */
    static String value(String text, Secrecy secrecy) {
        List<String> parts = new ArrayList<>();
        for (String part : parts(text)) {
            if (!isMark(part)) {
                parts.add(quoted(part));
            } else if (secrecy == Secrecy.SECRET || Variables.isSecret(name(part))) {
                parts.add("settings.password(" + quoted(name(part)) + ", " + string(usual(part)) + ")");
            } else {
                parts.add("settings.text(" + quoted(name(part)) + ", " + string(usual(part)) + ")");
            }
        }
        String only = parts.size() == 1 ? parts.get(0) : "";
        if (only.startsWith("settings.password(")) {
            return only;
        } else if (secrecy == Secrecy.SECRET && !hasMarks(text)) {
            return "Value.secret(" + quoted(text) + ")";
        }
        return parts.size() < 2
                ? "Value.text(" + (only.isEmpty() ? "\"\"" : only) + ")"
                : "Value.join(" + String.join(", ", parts) + ")";
    }

    /** Whether a whole value is a secret. */
    enum Secrecy {
        SECRET,
        PLAIN
    }

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char next : text.toCharArray()) {
            switch (next) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                default ->
                    quoted.append(next < ' ' || next > '~' ? "\\u%04x".formatted((int) next) : String.valueOf(next));
            }
        }
        return quoted.append('"').toString();
    }

    /** Return the map as a call of the method that every import has. */
    static String ordered(Map<String, String> map) {
        List<String> words = new ArrayList<>();
        map.forEach((name, text) -> {
            words.add(quoted(name));
            words.add(string(text));
        });
        return "ordered(" + String.join(", ", words) + ")";
    }

    private static boolean isMark(String part) {
        return part.charAt(0) == BEGIN;
    }

    private static String name(String mark) {
        return mark.substring(1, mark.indexOf(MIDDLE));
    }

    private static String usual(String mark) {
        return mark.substring(mark.indexOf(MIDDLE) + 1, mark.length() - 1);
    }

    /** Return the marks and what stands between them, in order. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next == BEGIN && depth++ == 0 && i > from) {
                parts.add(text.substring(from, i));
                from = i;
            } else if (next == END && --depth == 0) {
                parts.add(text.substring(from, i + 1));
                from = i + 1;
            }
        }
        if (from < text.length()) {
            parts.add(text.substring(from));
        }
        return parts;
    }
}
