package dev.withstack.launcher.command;

import dev.withstack.launcher.console.Suggestion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Asks the person at the terminal. */
final class Question {

    private Question() {}

    /**
     * Tell what will be lost and ask whether to go on.
     *
     * @param alternative the option that answers yes beforehand
     * @throws CommandFailedException if nobody can be asked
     */
    static boolean confirms(Session session, String what, List<String> losses, String alternative) {
        session.console().line(what);
        losses.forEach(loss -> session.console().line("  " + loss));
        if (!session.surroundings().terminal().canAnswer()) {
            throw CommandFailedException.usage(
                    "There is no terminal to ask at; nothing was touched. Say yes beforehand with " + alternative
                            + ".");
        }
        session.console().print("Type yes to go on: ");
        return answer(session).map(word -> word.equalsIgnoreCase("yes")).orElse(false);
    }

    /**
     * Let one of the words be chosen, by its number or by itself.
     *
     * @param rest what an empty answer means
     * @return the word; empty for the rest
     * @throws CommandFailedException if the answer is none of them
     */
    static Optional<String> choose(Session session, String what, List<String> words, String rest) {
        session.console().line(what);
        for (int i = 0; i < words.size(); i++) {
            session.console().line("%3d  %s".formatted(i + 1, words.get(i)));
        }
        session.console().print("Number or name, or Enter for " + rest + ": ");
        return answer(session).filter(answer -> !answer.isEmpty()).map(answer -> chosen(answer, words));
    }

    private static String chosen(String answer, List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            if (answer.equals(words.get(i)) || answer.equals(Integer.toString(i + 1))) {
                return words.get(i);
            }
        }
        throw CommandFailedException.usage("'" + answer + "' is none of them." + Suggestion.sentence(answer, words));
    }

    private static Optional<String> answer(Session session) {
        try {
            return Optional.ofNullable(new BufferedReader(
                                    new InputStreamReader(session.surroundings().in(), StandardCharsets.UTF_8))
                            .readLine())
                    .map(String::strip);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
