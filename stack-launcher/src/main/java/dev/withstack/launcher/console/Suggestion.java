package dev.withstack.launcher.console;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody meant to write. */
public final class Suggestion {

    private Suggestion() {}

    /** Return the candidate that is nearest to the word, if one is near enough to have been meant. */
    public static Optional<String> of(String word, Collection<String> candidates) {
        String written = word.toLowerCase(Locale.ROOT);
        String best = "";
        int least = Math.max(1, word.length() / 3) + 1;
        for (String candidate : candidates) {
            int distance = distance(written, candidate.toLowerCase(Locale.ROOT));
            boolean isBegun = written.length() > 2 && candidate.startsWith(written);
            if (distance < least || (isBegun && best.isEmpty())) {
                least = Math.min(least, distance);
                best = candidate;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    /** Return a sentence to put behind the message, with a space in front; empty if nothing is near. */
    public static String sentence(String word, Collection<String> candidates) {
        return of(word, candidates)
                .map(candidate -> " Did you mean '" + candidate + "'?")
                .orElse("");
    }

    /** Count the letters to change, add, drop or swap with their neighbour. */
    private static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(from, to, cost, i, j);
            }
        }
        return cost[from.length()][to.length()];
    }

    private static int cheapest(String from, String to, int[][] cost, int i, int j) {
        boolean isSame = from.charAt(i - 1) == to.charAt(j - 1);
        int least = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + (isSame ? 0 : 1));
        boolean isSwapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return isSwapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
    }
}
