package dev.withstack.core.settings;

import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code .env} files as Docker Compose does: {@code NAME=value} or {@code NAME: value}, an optional
 * {@code export}, comments, single quotes (literal but for {@code \'}), double quotes (escapes), values in quotes over
 * several lines, and references such as <code>${NAME:-default}</code> outside single quotes. A later line wins over an
 * earlier one; what a reference finds in the process environment wins over both, as it does for the setting itself.
 *
 * <p>Stricter than Compose in one thing: a line with nothing but a name is a problem, as it sets nothing. Values are
 * never repeated in a problem, as they may be secret.
 *
 * @see <a href="https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/">the syntax</a>
 */
public final class DotEnv {
    private static final Pattern ASSIGNMENT =
            Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\\s*[=:]\\s*(.*)");
    private static final Pattern COMMENT = Pattern.compile("(^|\\s)#");

    private final String file;
    private final List<String> lines;
    private final Function<String, Optional<String>> stronger;
    private final Function<String, Optional<String>> weaker;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    /** The name whose value is being read. */
    private String reading = "";

    private DotEnv(
            String file,
            String content,
            Function<String, Optional<String>> stronger,
            Function<String, Optional<String>> weaker) {
        this.file = file;
        this.lines = (content.startsWith("\uFEFF") ? content.substring(1) : content)
                .lines()
                .toList();
        this.stronger = stronger;
        this.weaker = weaker;
    }

    /**
     * Read what a file sets for a container, such as one that a Compose file names.
     *
     * @param stronger looks up what wins over the file where it refers to something
     * @throws InvalidDefinitionException naming file and line of each problem
     */
    public static Map<String, String> values(Path file, Function<String, Optional<String>> stronger) {
        Map<String, String> values = new LinkedHashMap<>();
        read(file, stronger, name -> Optional.empty()).forEach((name, setting) -> values.put(name, setting.value()));
        return values;
    }

    /**
     * Read a file; one that does not exist has no settings.
     *
     * @param stronger looks up what wins over the file
     * @param weaker looks up what the file wins over
     * @throws InvalidDefinitionException naming file and line of each problem
     */
    static Map<String, Setting> read(
            Path file, Function<String, Optional<String>> stronger, Function<String, Optional<String>> weaker) {
        if (!Files.isRegularFile(file)) {
            return Map.of();
        }
        String name = file.getFileName().toString();
        try {
            return parse(name, Files.readString(file), stronger, weaker);
        } catch (CharacterCodingException e) {
            throw new InvalidDefinitionException(
                    "'" + name + "' can't be read", List.of(new Problem(name, "is not UTF-8.", "Save it as UTF-8.")));
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read '" + file + "'.", e);
        }
    }

    static Map<String, Setting> parse(
            String file,
            String content,
            Function<String, Optional<String>> stronger,
            Function<String, Optional<String>> weaker) {
        DotEnv parser = new DotEnv(file, content, stronger, weaker);
        int next = 0;
        while (next < parser.lines.size()) {
            next = parser.parseLine(next);
        }
        if (!parser.problems.isEmpty()) {
            throw new InvalidDefinitionException("'" + file + "' can't be read", parser.problems);
        }
        return parser.settings;
    }

    /** Parse what begins on the line, and return the line behind it. */
    private int parseLine(int index) {
        String line = lines.get(index).stripLeading();
        if (line.isEmpty() || line.startsWith("#")) {
            return index + 1;
        }
        Matcher assignment = ASSIGNMENT.matcher(line);
        if (!assignment.matches()) {
            problem(index, "this line is not NAME=value.", "Write it so, or put # in front to make it a comment.");
            return index + 1;
        }
        String name = assignment.group(1);
        reading = name;
        String raw = assignment.group(2);
        if (raw.startsWith("'") || raw.startsWith("\"")) {
            return parseQuoted(index, name, raw);
        }
        Matcher comment = COMMENT.matcher(raw);
        String value = comment.find() ? raw.substring(0, comment.start()) : raw;
        set(index, name, expand(index, value.strip(), Escapes.NONE));
        return index + 1;
    }

    private int parseQuoted(int first, String name, String begun) {
        char quote = begun.charAt(0);
        StringBuilder raw = new StringBuilder(begun);
        int last = first;
        int end = closingQuote(raw, quote);
        while (end < 0 && last + 1 < lines.size()) {
            last++;
            raw.append('\n').append(lines.get(last));
            end = closingQuote(raw, quote);
        }
        if (end < 0) {
            problem(first, "the quote " + quote + " is not closed.", "Close it at the end of the value.");
            return first + 1;
        }
        String rest = raw.substring(end + 1).strip();
        if (!rest.isEmpty() && !rest.startsWith("#")) {
            problem(
                    first,
                    "more follows the closing quote " + quote + (last > first ? " on line " + (last + 1) : "") + ".",
                    "Only a comment may stand there.");
            return first + 1;
        }
        String inner = raw.substring(1, end);
        set(first, name, quote == '\'' ? inner.replace("\\'", "'") : expand(first, inner, Escapes.OF_DOUBLE_QUOTES));
        return last + 1;
    }

    private static int closingQuote(CharSequence raw, char quote) {
        for (int i = 1; i < raw.length(); i++) {
            boolean isEscape = raw.charAt(i) == '\\' && i + 1 < raw.length();
            if (isEscape && (quote == '"' || raw.charAt(i + 1) == quote)) {
                i++;
            } else if (raw.charAt(i) == quote) {
                return i;
            }
        }
        return -1;
    }

    private void set(int index, String name, String value) {
        settings.put(name, new Setting(name, value, Origin.line(file, index + 1)));
    }

    private enum Escapes {
        NONE,
        OF_DOUBLE_QUOTES
    }

    private String expand(int index, String text, Escapes escapes) {
        StringBuilder result = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char next = text.charAt(at);
            if (next == '\\' && escapes == Escapes.OF_DOUBLE_QUOTES && at + 1 < text.length()) {
                result.append(unescaped(text.charAt(at + 1)));
                at += 2;
            } else if (next == '$') {
                at = interpolation(index).reference(text, at, result);
            } else {
                result.append(next);
                at++;
            }
        }
        return result.toString();
    }

    private static String unescaped(char escaped) {
        return switch (escaped) {
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case '\\', '"', '$' -> String.valueOf(escaped);
            default -> "\\" + escaped;
        };
    }

    private Interpolation interpolation(int index) {
        return new Interpolation(new Interpolation.Values() {
            @Override
            public Optional<String> find(String name) {
                return DotEnv.this.find(name);
            }

            @Override
            public void unset(String name) {
                if (name.equals(reading)) {
                    problem("'" + name + "' includes itself, and nothing else sets it.", "Give it a value.");
                }
            }

            @Override
            public void problem(String what, String fix) {
                DotEnv.this.problem(index, what, fix);
            }

            @Override
            public String howToSet() {
                return "Set it above this line.";
            }
        });
    }

    private Optional<String> find(String name) {
        return stronger.apply(name)
                .or(() -> Optional.ofNullable(settings.get(name)).map(Setting::value))
                .or(() -> weaker.apply(name));
    }

    private void problem(int index, String what, String fix) {
        problems.add(new Problem(file + ":" + (index + 1), what, fix));
    }
}
