package dev.withstack.core.settings;

import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code .env} files as Docker Compose does: {@code NAME=value}, an optional {@code export}, comments, single
 * quotes (literal), double quotes (escapes), and {@code ${NAME}}, {@code ${NAME:-default}}, {@code ${NAME:?message}}
 * outside single quotes. A later line wins over an earlier one.
 *
 * @see <a href="https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/">the syntax</a>
 */
final class DotEnv {
    private static final Pattern ASSIGNMENT = Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*)");
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\$|\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?])([^}]*))?\\}|\\$([A-Za-z_][A-Za-z0-9_]*)");

    private final String file;
    private final Function<String, String> outer;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    /** @param outer looks a name up that the file itself does not set; returns null where it is unknown */
    private DotEnv(String file, Function<String, String> outer) {
        this.file = file;
        this.outer = outer;
    }

    /**
     * Read a file; one that does not exist has no settings.
     *
     * @throws InvalidDefinitionException naming file and line of each problem
     */
    static Map<String, Setting> read(Path file, Function<String, String> outer) {
        if (!Files.isRegularFile(file)) {
            return Map.of();
        }
        try {
            return parse(file.getFileName().toString(), Files.readString(file), outer);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read '" + file + "'.", e);
        }
    }

    static Map<String, Setting> parse(String file, String content, Function<String, String> outer) {
        DotEnv parser = new DotEnv(file, outer);
        List<String> lines = content.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            parser.parseLine(i + 1, lines.get(i).strip().replace("\uFEFF", ""));
        }
        if (!parser.problems.isEmpty()) {
            throw new InvalidDefinitionException("'" + file + "' can't be read", parser.problems);
        }
        return parser.settings;
    }

    private void parseLine(int number, String line) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        Matcher assignment = ASSIGNMENT.matcher(line);
        if (!assignment.matches()) {
            problem(number, "this line is not NAME=value.", "Write it so, or put # in front to make it a comment.");
            return;
        }
        String name = assignment.group(1);
        String value = valueOf(number, assignment.group(2));
        if (value != null) {
            settings.put(name, new Setting(name, value, Origin.line(file, number)));
        }
    }

    private @org.jspecify.annotations.Nullable String valueOf(int number, String raw) {
        if (raw.startsWith("'") || raw.startsWith("\"")) {
            char quote = raw.charAt(0);
            int end = closingQuote(raw, quote);
            if (end < 0) {
                problem(number, "the quote " + quote + " is not closed.", "Values must end on the line they begin on.");
                return null;
            }
            String rest = raw.substring(end + 1).strip();
            if (!rest.isEmpty() && !rest.startsWith("#")) {
                problem(number, "'" + rest + "' follows the closing quote.", "Only a comment may stand there.");
                return null;
            }
            String inner = raw.substring(1, end);
            return quote == '\'' ? inner : interpolate(number, unescape(inner));
        }
        int comment = raw.startsWith("#") ? 0 : raw.indexOf(" #");
        return interpolate(number, (comment < 0 ? raw : raw.substring(0, comment)).strip());
    }

    private static int closingQuote(String raw, char quote) {
        for (int i = 1; i < raw.length(); i++) {
            if (raw.charAt(i) == '\\' && quote == '"') {
                i++;
            } else if (raw.charAt(i) == quote) {
                return i;
            }
        }
        return -1;
    }

    private static String unescape(String text) {
        return text.replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\\"", "\"")
                .replace("\\$", "$$")
                .replace("\\\\", "\\");
    }

    private String interpolate(int number, String text) {
        return REFERENCE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(referenced(number, match)));
    }

    private String referenced(int number, java.util.regex.MatchResult match) {
        if (match.group().equals("$$")) {
            return "$";
        }
        String name = match.group(1) != null ? match.group(1) : match.group(4);
        String operator = match.group(2) == null ? "" : match.group(2);
        String operand = match.group(3) == null ? "" : match.group(3);
        Setting known = settings.get(name);
        String value = known != null ? known.value() : outer.apply(name);
        boolean missing = value == null || (operator.startsWith(":") && value.isEmpty());
        if (!missing) {
            return value == null ? "" : value;
        }
        if (operator.endsWith("?")) {
            problem(
                    number,
                    name + " is not set" + (operand.isEmpty() ? "." : ": " + operand),
                    "Set it above this line.");
        }
        return operator.endsWith("-") ? operand : "";
    }

    private void problem(int line, String what, String fix) {
        problems.add(new Problem(file + ":" + line, what, fix));
    }
}
