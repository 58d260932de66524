package dev.withstack.core.docker;

import java.math.BigInteger;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Read JSON into maps, lists, texts, numbers and booleans, in the order of the source.
 *
 * <p>Written out because a JSON library costs a cold JVM more than the call it would serve (docs/decisions/0009). Accepts
 * what RFC 8259 does; numbers are {@code Long} where they are whole and fit, else {@code Double}.
 */
final class JsonReader {

    private static final int DEEPEST = 200;
    private static final int LONGEST_WHOLE = 18;

    private final String text;
    private int position;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    /** Read the one value that the text holds. */
    static @Nullable Object read(String text) throws ProtocolException {
        JsonReader reader = new JsonReader(text);
        reader.skipBlanks();
        Object value = reader.value();
        reader.skipBlanks();
        if (reader.position < text.length()) {
            throw reader.unexpected("the end");
        }
        return value;
    }

    private @Nullable Object value() throws ProtocolException {
        return switch (peek()) {
            case '{', '[' -> nested();
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Object nested() throws ProtocolException {
        if (++depth > DEEPEST) {
            throw unexpected("less depth");
        }
        Object value = peek() == '{' ? object() : array();
        depth--;
        return value;
    }

    private Map<String, @Nullable Object> object() throws ProtocolException {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        position++;
        skipBlanks();
        if (taken('}')) {
            return fields;
        }
        do {
            skipBlanks();
            if (peek() != '"') {
                throw unexpected("a name");
            }
            String name = string();
            skipBlanks();
            expect(':');
            skipBlanks();
            fields.put(name, value());
            skipBlanks();
        } while (taken(','));
        expect('}');
        return fields;
    }

    private List<@Nullable Object> array() throws ProtocolException {
        List<@Nullable Object> values = new ArrayList<>();
        position++;
        skipBlanks();
        if (taken(']')) {
            return values;
        }
        do {
            skipBlanks();
            values.add(value());
            skipBlanks();
        } while (taken(','));
        expect(']');
        return values;
    }

    private String string() throws ProtocolException {
        int from = ++position;
        while (position < text.length() && isPlain(text.charAt(position))) {
            position++;
        }
        if (peek() == '"') {
            return text.substring(from, position++);
        }
        StringBuilder unescaped = new StringBuilder(text.substring(from, position));
        while (!taken('"')) {
            char next = peek();
            if (next == '\\') {
                position++;
                unescaped.append(escape());
            } else if (isPlain(next)) {
                unescaped.append(next);
                position++;
            } else {
                throw unexpected("a character of a text");
            }
        }
        return unescaped.toString();
    }

    private static boolean isPlain(char one) {
        return one != '"' && one != '\\' && one >= ' ';
    }

    private char escape() throws ProtocolException {
        char kind = peek();
        position++;
        return switch (kind) {
            case '"', '\\', '/' -> kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> {
                position--;
                throw unexpected("an escape");
            }
        };
    }

    private char unicode() throws ProtocolException {
        int code = 0;
        for (int digits = 0; digits < 4; digits++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw unexpected("a hexadecimal digit");
            }
            code = code * 16 + digit;
            position++;
        }
        return (char) code;
    }

    private @Nullable Object word(String word, @Nullable Object meaning) throws ProtocolException {
        if (!text.startsWith(word, position)) {
            throw unexpected("a value");
        }
        position += word.length();
        return meaning;
    }

    private Object number() throws ProtocolException {
        int from = position;
        while (position < text.length() && isOfNumber(text.charAt(position))) {
            position++;
        }
        String digits = text.substring(from, position);
        try {
            if (isWhole(digits)) {
                return wholeNumber(digits);
            }
            if (!digits.isEmpty() && digits.charAt(0) != '+' && digits.charAt(0) != '.') {
                return Double.valueOf(digits);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        position = from;
        throw unexpected("a value");
    }

    /** Read what fits into a long as one: time stamps in nanoseconds have nineteen digits. */
    private static Number wholeNumber(String digits) {
        if (digits.length() > LONGEST_WHOLE) {
            BigInteger exact = new BigInteger(digits);
            return exact.bitLength() < Long.SIZE ? (Number) exact.longValue() : (Number) exact.doubleValue();
        }
        return Long.valueOf(digits);
    }

    private static boolean isOfNumber(char one) {
        return (one >= '0' && one <= '9') || one == '-' || one == '+' || one == '.' || one == 'e' || one == 'E';
    }

    private static boolean isWhole(String digits) {
        if (digits.isEmpty() || digits.equals("-")) {
            return false;
        }
        for (int at = digits.charAt(0) == '-' ? 1 : 0; at < digits.length(); at++) {
            if (digits.charAt(at) < '0' || digits.charAt(at) > '9') {
                return false;
            }
        }
        return true;
    }

    private void skipBlanks() {
        while (position < text.length() && isBlank(text.charAt(position))) {
            position++;
        }
    }

    private static boolean isBlank(char one) {
        return one == ' ' || one == '\n' || one == '\r' || one == '\t';
    }

    private char peek() throws ProtocolException {
        if (position >= text.length()) {
            throw new ProtocolException("the JSON text ends in the middle");
        }
        return text.charAt(position);
    }

    private boolean taken(char one) throws ProtocolException {
        if (peek() != one) {
            return false;
        }
        position++;
        return true;
    }

    private void expect(char one) throws ProtocolException {
        if (!taken(one)) {
            throw unexpected("'" + one + "'");
        }
    }

    private ProtocolException unexpected(String expected) {
        int to = Math.min(text.length(), position + 10);
        return new ProtocolException("not JSON: expected " + expected + " at character " + position + ", found '"
                + text.substring(Math.min(position, to), to) + "'");
    }
}
