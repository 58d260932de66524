package dev.withstack.launcher.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Asks before something is lost. */
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
        try {
            String answer = new BufferedReader(
                            new InputStreamReader(session.surroundings().in(), StandardCharsets.UTF_8))
                    .readLine();
            return answer != null && answer.strip().toLowerCase(Locale.ROOT).equals("yes");
        } catch (IOException e) {
            return false;
        }
    }
}
