package dev.withstack.core.driver.container;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of a Dockerfile that say what it is built on: {@code FROM}, and the {@code ARG} before the first of them.
 *
 * @see <a href="https://docs.docker.com/reference/dockerfile/#from">the syntax</a>
 */
final class Dockerfile {
    private static final Pattern FROM =
            Pattern.compile("(?i)(\\s*FROM\\s+(?:--platform=\\S+\\s+)?)(\\S+)((?:\\s+AS\\s+(\\S+))?\\s*)");
    private static final Pattern ARG = Pattern.compile("(?i)\\s*ARG\\s+([A-Za-z_][A-Za-z0-9_]*)(?:=(.*?))?\\s*");
    private static final Pattern VARIABLE =
            Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\\}|\\$([A-Za-z_][A-Za-z0-9_]*)");

    private final List<String> lines;
    private final Map<String, String> arguments;

    /** @param arguments the build arguments given, which win over the defaults in the file */
    Dockerfile(String text, Map<String, String> arguments) {
        this.lines = text.lines().toList();
        this.arguments = arguments;
    }

    /** Return the images that the file is built on, in order; its own stages and {@code scratch} are none. */
    Set<String> bases() {
        Set<String> bases = new LinkedHashSet<>();
        rewritten(base -> {
            bases.add(base);
            return base;
        });
        return bases;
    }

    /** Tell whether the file has a stage of that name. */
    boolean hasStage(String name) {
        return lines.stream()
                .map(FROM::matcher)
                .anyMatch(from -> from.matches() && name.equalsIgnoreCase(from.group(4)));
    }

    /** Return the file with each image that it is built on replaced. */
    String rewritten(UnaryOperator<String> replacement) {
        Map<String, String> known = new HashMap<>();
        Set<String> stages = new HashSet<>(Set.of("scratch"));
        List<String> result = new ArrayList<>();
        boolean isBeforeFirst = true;
        for (String line : lines) {
            Matcher from = FROM.matcher(line);
            Matcher argument = ARG.matcher(line);
            if (from.matches()) {
                isBeforeFirst = false;
                String image = resolve(from.group(2), known);
                boolean isStage = stages.contains(image.toLowerCase(Locale.ROOT));
                result.add(from.group(1) + (isStage ? from.group(2) : replacement.apply(image)) + from.group(3));
                if (from.group(4) != null) {
                    stages.add(from.group(4).toLowerCase(Locale.ROOT));
                }
                continue;
            }
            if (isBeforeFirst && argument.matches()) {
                String given = arguments.get(argument.group(1));
                String byDefault =
                        argument.group(2) == null ? "" : argument.group(2).replace("\"", "");
                known.put(argument.group(1), given == null ? byDefault : given);
            }
            result.add(line);
        }
        return String.join("\n", result) + "\n";
    }

    private static String resolve(String image, Map<String, String> known) {
        return VARIABLE.matcher(image).replaceAll(variable -> {
            String name = variable.group(1) == null ? variable.group(3) : variable.group(1);
            String byDefault = variable.group(2) == null ? "" : variable.group(2);
            String value = known.getOrDefault(name, "");
            return Matcher.quoteReplacement(value.isEmpty() ? byDefault : value);
        });
    }
}
