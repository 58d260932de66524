package dev.withstack.launcher.command;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Reads a moment as people write it: how long ago, like {@code 10m}, or when. */
final class TimeWord {

    private TimeWord() {}

    /**
     * Return the moment that the word means.
     *
     * @param option in which it stands, for the message
     */
    static Instant read(String word, String option, Instant now) {
        Optional<Instant> ago = DurationWord.read(word).map(now::minus);
        if (ago.isPresent()) {
            return ago.get();
        }
        try {
            return Instant.parse(word);
        } catch (DateTimeParseException e) {
            throw CommandFailedException.usage("'" + word + "' is no time for " + option
                    + ". Write how long ago, like 10m, or when, like 2026-01-31T12:00:00Z.");
        }
    }
}
