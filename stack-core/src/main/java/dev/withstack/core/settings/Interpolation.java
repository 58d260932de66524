package dev.withstack.core.settings;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Puts values in place of references, as Compose does: <code>$NAME</code>, <code>${NAME}</code>,
 * <code>${NAME:-default}</code>, <code>${NAME:?message}</code>, <code>${NAME:+other}</code>, the same without the colon for
 * what is set but empty, and {@code $$} for a dollar sign. Used by one thread.
 *
 * @see <a href="https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md">the syntax</a>
 */
public final class Interpolation {
    /** References may stand in the defaults of others; a person writes two or three. */
    private static final int DEEPEST = 20;

    private final Values values;
    private int depth;

    public Interpolation(Values values) {
        this.values = values;
    }

    /** Where values come from, and who is told what is wrong. */
    public interface Values {

        /** Find the value, which may be empty. */
        Optional<String> find(String name);

        /**
         * Return what stands for a whole reference, in place of a value; empty for the value.
         *
         * @param usual what the reference says holds where nothing is set
         */
        default Optional<String> instead(String name, Supplier<String> usual) {
            return Optional.empty();
        }

        /** Hear of a reference to what nothing sets, without a default: it counts as empty. */
        void unset(String name);

        void problem(String what, String fix);

        /** Return what to do about a value that has to be set, as a sentence. */
        String howToSet();
    }

    /** Return the text with all its references replaced. */
    public String expand(String text) {
        StringBuilder result = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) == '$') {
                at = reference(text, at, result);
            } else {
                result.append(text.charAt(at));
                at++;
            }
        }
        return result.toString();
    }

    /** Append what the dollar sign at the position stands for, and return the position behind that. */
    int reference(String text, int at, StringBuilder result) {
        char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        if (next == '$') {
            result.append('$');
            return at + 2;
        } else if (next == '{') {
            int end = closingBrace(text, at + 2);
            if (end < 0) {
                values.problem("a reference ${ is not closed.", "Write ${NAME}, or $$ for a dollar sign.");
                return text.length();
            }
            result.append(inBraces(text.substring(at + 2, end)));
            return end + 1;
        }
        int end = endOfName(text, at + 1);
        result.append(end == at + 1 ? "$" : plain(text.substring(at + 1, end)));
        return end;
    }

    private static int closingBrace(String text, int from) {
        int depth = 1;
        for (int i = from; i < text.length(); i++) {
            if (text.startsWith("${", i)) {
                depth++;
            } else if (text.charAt(i) == '}' && --depth == 0) {
                return i;
            }
        }
        return -1;
    }

    private static int endOfName(String text, int from) {
        int end = from;
        while (end < text.length() && isOfName(text.charAt(end), end > from)) {
            end++;
        }
        return end;
    }

    private static boolean isOfName(char character, boolean digitsToo) {
        return character == '_'
                || (character >= 'A' && character <= 'Z')
                || (character >= 'a' && character <= 'z')
                || (digitsToo && character >= '0' && character <= '9');
    }

    private String plain(String name) {
        Optional<String> instead = values.instead(name, () -> "");
        if (instead.isPresent()) {
            return instead.get();
        }
        Optional<String> value = values.find(name);
        if (value.isEmpty()) {
            values.unset(name);
        }
        return value.orElse("");
    }

    /** Return what stands for the inside of a reference in braces. */
    private String inBraces(String inside) {
        if (depth >= DEEPEST) {
            values.problem(
                    "references stand within each other more than " + DEEPEST + " deep.",
                    "Give the innermost a variable of its own.");
            return "";
        }
        depth++;
        try {
            return replaced(inside);
        } finally {
            depth--;
        }
    }

    private String replaced(String inside) {
        int end = endOfName(inside, 0);
        String name = inside.substring(0, end);
        boolean emptyCountsAsUnset = inside.startsWith(":", end);
        int operatorAt = emptyCountsAsUnset ? end + 1 : end;
        String operator = operatorAt < inside.length() ? inside.substring(operatorAt, operatorAt + 1) : "";
        boolean isPlain = operator.isEmpty() && !emptyCountsAsUnset;
        if (name.isEmpty() || !(isPlain || "-?+".contains(operator)) || (emptyCountsAsUnset && operator.isEmpty())) {
            values.problem(
                    "a reference ${" + name + "..} can't be understood.",
                    "Write ${NAME}, ${NAME:-default}, ${NAME:?message} or ${NAME:+other}, or $$ for a dollar sign.");
            return "";
        }
        if (isPlain) {
            return plain(name);
        }
        String operand = inside.substring(operatorAt + 1);
        Optional<String> instead = operator.equals("+")
                ? Optional.empty()
                : values.instead(name, () -> operator.equals("-") ? expand(operand) : "");
        if (instead.isPresent()) {
            return instead.get();
        }
        Optional<String> value = values.find(name).filter(found -> !(emptyCountsAsUnset && found.isEmpty()));
        return switch (operator) {
            case "-" -> value.isPresent() ? value.get() : expand(operand);
            case "+" -> value.isPresent() ? expand(operand) : "";
            default -> value.isPresent() ? value.get() : missing(name, operand);
        };
    }

    private String missing(String name, String message) {
        values.problem(name + " is not set" + (message.isEmpty() ? "." : ": " + expand(message)), values.howToSet());
        return "";
    }
}
