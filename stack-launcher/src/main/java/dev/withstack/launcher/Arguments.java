package dev.withstack.launcher;

import dev.withstack.launcher.command.Commands;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A command line, split into the command and what belongs to it. Options may stand before the command as well as
 * behind it.
 *
 * @param command the command, or the word that is none
 * @param rest everything else, in order
 */
record Arguments(Kind kind, String command, List<String> rest) {
    private static final Set<String> OPTIONS_WITH_A_VALUE =
            Set.of("--stack", "--file", "--profile", "--project", "--set", "--output", "--env");
    private static final Set<String> HELP = Set.of("-h", "--help", "help");

    /** What is asked for. */
    enum Kind {
        COMMAND,
        HELP,
        VERSION,
        COMPLETION,
        UNKNOWN
    }

    /** Tell whether there is no option among them, so that there is nothing to parse. */
    boolean areWords() {
        return rest.stream().noneMatch(word -> word.startsWith("-"));
    }

    static Arguments read(List<String> arguments) {
        List<String> rest = new ArrayList<>(arguments);
        int position = positionOfCommand(arguments);
        if (position < 0) {
            Kind kind = arguments.contains("--version") || arguments.contains("-V") ? Kind.VERSION : Kind.HELP;
            return new Arguments(kind, "", rest);
        }
        String word = rest.remove(position);
        if (word.equals("completion")) {
            return new Arguments(Kind.COMPLETION, word, rest);
        }
        if (HELP.contains(word)) {
            return helpOn(rest);
        }
        return new Arguments(Commands.named(word).isPresent() ? Kind.COMMAND : Kind.UNKNOWN, word, rest);
    }

    /** {@code help dev} is {@code dev --help}. */
    private static Arguments helpOn(List<String> rest) {
        if (rest.isEmpty()) {
            return new Arguments(Kind.HELP, "", rest);
        }
        String word = rest.get(0);
        return new Arguments(Commands.named(word).isPresent() ? Kind.COMMAND : Kind.UNKNOWN, word, List.of("--help"));
    }

    private static int positionOfCommand(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (OPTIONS_WITH_A_VALUE.contains(argument)) {
                i++;
            } else if (!argument.startsWith("-")) {
                return i;
            }
        }
        return -1;
    }
}
