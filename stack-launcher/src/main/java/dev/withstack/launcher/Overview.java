package dev.withstack.launcher;

import dev.withstack.launcher.command.Commands;
import dev.withstack.launcher.console.Suggestion;
import java.util.List;

/** The help on the whole, made from the list of commands. */
final class Overview {

    private Overview() {}

    static String text() {
        StringBuilder text = new StringBuilder();
        text.append("Usage: ").append(Program.NAME).append(" COMMAND [STACK] [SERVICE...] [OPTIONS]\n");
        text.append("Run a stack of services, defined once, on this machine.\n");
        for (Commands.Group group : Commands.Group.values()) {
            List<Commands.Entry> entries = Commands.all().stream()
                    .filter(entry -> entry.group() == group && group != Commands.Group.HIDDEN)
                    .toList();
            if (!entries.isEmpty()) {
                text.append('\n').append(group.title()).append(":\n");
                entries.forEach(entry -> text.append("  %-9s %s%n".formatted(entry.name(), entry.summary())));
            }
        }
        text.append(
                """

                Every command takes --stack NAME or --file COMPOSE-FILE with --profile NAME, --project DIR, --set NAME=VALUE,
                --output auto|tty|plain|json|quiet, --profiles JAR with stacks of your own, --no-color and --help.
                Without a stack's name it is STACK in the environment or .env, or what the
                directory shows it to be, or frostbyte. Completion in bash and zsh: source <(./stack completion)
                Exit codes: 0 ok, 1 internal, 2 usage, 3 engine, 4 invalid definition or settings, 5 a service failed,
                6 timeout, 7 not running, 8 unhealthy, 130 interrupted.
                """);
        return text.toString();
    }

    static String unknown(String word, List<String> stacks) {
        if (stacks.contains(word)) {
            return "'" + word + "' is a stack; say what to do with it, for example: " + Program.NAME + " dev " + word;
        }
        return "There is no command '" + word + "'." + Suggestion.sentence(word, Commands.names()) + " See "
                + Program.NAME + " --help.";
    }
}
