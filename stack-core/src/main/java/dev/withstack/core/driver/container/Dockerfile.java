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
 * The instructions of a Dockerfile that say what it is built on: {@code FROM}, the {@code ARG} before the first of them,
 * and {@code COPY --from} of an image.
 *
 * @see <a href="https://docs.docker.com/reference/dockerfile/#from">the syntax</a>
 */
final class Dockerfile {
    private static final Pattern FROM =
            Pattern.compile("(?i)(\\s*FROM\\s+(?:--platform=\\S+\\s+)?)(\\S+)((?:\\s+AS\\s+(\\S+))?\\s*)");
    private static final Pattern ARG = Pattern.compile("(?i)\\s*ARG\\s+(.*)");
    private static final Pattern ARGUMENT =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(?:=(?:\"([^\"]*)\"|'([^']*)'|(\\S*)))?(?:\\s+|$)");
    private static final Pattern COPY_FROM = Pattern.compile("(?i)\\s*COPY\\s+(?:--\\S+\\s+)*?--from=(\\S+)\\s.*");
    private static final Pattern VARIABLE =
            Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::?([-+])([^}]*))?\\}|\\$([A-Za-z_][A-Za-z0-9_]*)");
    private static final Pattern HERE_DOCUMENT = Pattern.compile("<<(-?)[\"']?([A-Za-z_][A-Za-z0-9_]*)[\"']?");

    private final List<Instruction> instructions;
    private final Map<String, String> arguments;

    /** @param arguments the build arguments given, which win over the defaults in the file */
    Dockerfile(String text, Map<String, String> arguments) {
        this.instructions = Instruction.read(text.lines().toList());
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
        return instructions.stream()
                .map(instruction -> FROM.matcher(instruction.text()))
                .anyMatch(from -> from.matches() && name.equalsIgnoreCase(from.group(4)));
    }

    /** Return the file with each image that it is built on replaced. */
    String rewritten(UnaryOperator<String> replacement) {
        return new Rewriting(replacement).text();
    }

    /**
     * One instruction, or a line between two.
     *
     * @param lines as they stand in the file
     * @param text the lines that continue each other as one; what a here-document holds is left out
     */
    private record Instruction(List<String> lines, String text) {

        static List<Instruction> read(List<String> lines) {
            List<Instruction> instructions = new ArrayList<>();
            int next = 0;
            while (next < lines.size()) {
                int begin = next;
                StringBuilder text = new StringBuilder();
                boolean isOpen = true;
                while (isOpen && next < lines.size()) {
                    String line = lines.get(next++);
                    isOpen = (begin < next - 1 && isSkipped(line)) || continues(line);
                    if (!isSkipped(line)) {
                        text.append(continues(line) ? withoutEnd(line) : line);
                    }
                }
                next = endOfHereDocuments(text.toString(), lines, next);
                instructions.add(new Instruction(lines.subList(begin, next), text.toString()));
            }
            return instructions;
        }

        /** Comments and empty lines do not end an instruction that goes on. */
        private static boolean isSkipped(String line) {
            return line.isBlank() || line.stripLeading().startsWith("#");
        }

        private static boolean continues(String line) {
            return !isSkipped(line) && line.stripTrailing().endsWith("\\");
        }

        private static String withoutEnd(String line) {
            String stripped = line.stripTrailing();
            return stripped.substring(0, stripped.length() - 1);
        }

        private static int endOfHereDocuments(String text, List<String> lines, int begin) {
            int next = begin;
            Matcher document = HERE_DOCUMENT.matcher(text);
            while (next < lines.size() && document.find()) {
                boolean isIndented = !document.group(1).isEmpty();
                int end = next;
                while (end < lines.size()
                        && !(isIndented ? lines.get(end).stripLeading() : lines.get(end)).equals(document.group(2))) {
                    end++;
                }
                // a word that never comes was no here-document but a shift or the like
                next = end < lines.size() ? end + 1 : next;
            }
            return next;
        }
    }

    /** One pass over the file. */
    private final class Rewriting {
        private final UnaryOperator<String> replacement;
        private final Map<String, String> known = new HashMap<>();
        private final Set<String> stages = new HashSet<>(Set.of("scratch"));
        private final List<String> result = new ArrayList<>();
        private boolean isBeforeFirst = true;

        Rewriting(UnaryOperator<String> replacement) {
            this.replacement = replacement;
        }

        String text() {
            instructions.forEach(this::rewrite);
            return String.join("\n", result) + "\n";
        }

        private void rewrite(Instruction instruction) {
            Matcher from = FROM.matcher(instruction.text());
            Matcher argument = ARG.matcher(instruction.text());
            Matcher copy = COPY_FROM.matcher(instruction.text());
            if (from.matches()) {
                isBeforeFirst = false;
                result.add(from.group(1) + replaced(from.group(2)) + from.group(3));
                if (from.group(4) != null) {
                    stages.add(from.group(4).toLowerCase(Locale.ROOT));
                }
                return;
            }
            if (isBeforeFirst && argument.matches()) {
                learn(argument.group(1));
            }
            String copied = copy.matches() ? copy.group(1) : "";
            boolean isNumber = copied.chars().allMatch(Character::isDigit);
            String image = isNumber ? copied : replaced(copied);
            instruction
                    .lines()
                    .forEach(line -> result.add(
                            image.equals(copied) ? line : line.replace("--from=" + copied, "--from=" + image)));
        }

        private String replaced(String written) {
            String image = resolve(written);
            boolean isNone = image.isEmpty() || stages.contains(image.toLowerCase(Locale.ROOT));
            return isNone ? written : replacement.apply(image);
        }

        private void learn(String declared) {
            Matcher argument = ARGUMENT.matcher(declared);
            while (argument.find()) {
                String byDefault = "";
                for (int group = 2; group <= 4; group++) {
                    byDefault = argument.group(group) == null ? byDefault : argument.group(group);
                }
                String given = arguments.get(argument.group(1));
                known.put(argument.group(1), given == null ? resolve(byDefault) : given);
            }
        }

        private String resolve(String text) {
            return VARIABLE.matcher(text).replaceAll(variable -> {
                String name = variable.group(1) == null ? variable.group(4) : variable.group(1);
                String value = known.getOrDefault(name, "");
                String other = variable.group(3) == null ? "" : variable.group(3);
                if ("+".equals(variable.group(2))) {
                    return Matcher.quoteReplacement(value.isEmpty() ? "" : other);
                }
                return Matcher.quoteReplacement(value.isEmpty() ? other : value);
            });
        }
    }
}
