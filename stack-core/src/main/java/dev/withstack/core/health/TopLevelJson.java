package dev.withstack.core.health;

import java.util.Optional;

/** Finds a field of a JSON object, and only of the outermost one, in a text that may be anything. */
final class TopLevelJson {
    private final String text;
    private int at;

    private TopLevelJson(String text) {
        this.text = text;
    }

    /** Return the field's value, a string without its quotes; empty if there is none or the text is no object. */
    static Optional<String> field(String text, String name) {
        TopLevelJson json = new TopLevelJson(text);
        try {
            return json.find(name);
        } catch (StringIndexOutOfBoundsException e) {
            // it ends too early
            return Optional.empty();
        }
    }

    private Optional<String> find(String name) {
        if (next() != '{') {
            return Optional.empty();
        }
        do {
            at++;
            if (next() != '"') {
                return Optional.empty();
            }
            String key = string();
            if (next() != ':') {
                return Optional.empty();
            }
            at++;
            String value = value();
            if (key.equals(name)) {
                return Optional.of(value);
            }
        } while (next() == ',');
        return Optional.empty();
    }

    /** Return the next character that is no space, without going past it. */
    private char next() {
        while (Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return text.charAt(at);
    }

    private String value() {
        char first = next();
        if (first == '"') {
            return string();
        }
        int begin = at;
        int depth = 0;
        while (depth > 0 || ",}]".indexOf(text.charAt(at)) < 0) {
            char here = text.charAt(at);
            if (here == '"') {
                String unused = string();
                continue;
            } else if (here == '{' || here == '[') {
                depth++;
            } else if (here == '}' || here == ']') {
                depth--;
            }
            at++;
        }
        return text.substring(begin, at).strip();
    }

    private String string() {
        StringBuilder result = new StringBuilder();
        for (at++; text.charAt(at) != '"'; at++) {
            char here = text.charAt(at);
            if (here == '\\') {
                at++;
                result.append(unescaped(text.charAt(at)));
            } else {
                result.append(here);
            }
        }
        at++;
        return result.toString();
    }

    private String unescaped(char escaped) {
        return switch (escaped) {
            case 'b' -> "\b";
            case 'f' -> "\f";
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case 'u' -> unicode();
            default -> String.valueOf(escaped);
        };
    }

    private String unicode() {
        String digits = text.substring(at + 1, at + 5);
        at += 4;
        try {
            return String.valueOf((char) Integer.parseInt(digits, 16));
        } catch (NumberFormatException e) {
            return "\\u" + digits;
        }
    }
}
