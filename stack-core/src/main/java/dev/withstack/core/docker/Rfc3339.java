package dev.withstack.core.docker;

import java.time.Instant;
import java.util.Optional;

/**
 * Read and write the engine's time stamps.
 *
 * <p>Written out because {@code DateTimeFormatter} costs a cold JVM more than the call it would serve.
 */
final class Rfc3339 {

    private static final String SHORTEST = "2006-01-02T15:04:05Z";

    private Rfc3339() {}

    /** Read a time stamp; the zero of Go ({@code 0001-01-01T00:00:00Z}), nothing and nonsense are all empty. */
    static Optional<Instant> instant(String text) {
        Instant instant = parse(text, text.length());
        return instant == null || text.startsWith("0001-") ? Optional.empty() : Optional.of(instant);
    }

    /** Read the time stamp that fills the first {@code length} characters; null if there is none. */
    static @org.jspecify.annotations.Nullable Instant parse(String text, int length) {
        if (length < SHORTEST.length() || text.charAt(10) != 'T') {
            return null;
        }
        try {
            long days = daysSinceEpoch(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10));
            long seconds =
                    days * 86_400 + digits(text, 11, 13) * 3600L + digits(text, 14, 16) * 60L + digits(text, 17, 19);
            int at = 19;
            long nanos = 0;
            if (text.charAt(at) == '.') {
                long unit = 100_000_000;
                for (at++; at < length && Character.isDigit(text.charAt(at)); at++) {
                    nanos += (text.charAt(at) - '0') * unit;
                    unit /= 10;
                }
            }
            return Instant.ofEpochSecond(seconds - offsetSeconds(text, at, length), nanos);
        } catch (NumberFormatException notATime) {
            return null;
        }
    }

    /** Write as the engine takes it in a query: seconds, a point, nanoseconds. */
    static String unixTime(Instant instant) {
        String nanos = Integer.toString(instant.getNano());
        return instant.getEpochSecond() + "." + "0".repeat(9 - nanos.length()) + nanos;
    }

    private static int offsetSeconds(String text, int at, int length) {
        if (at == length - 1 && text.charAt(at) == 'Z') {
            return 0;
        }
        if (at + 6 != length) {
            throw new NumberFormatException(text);
        }
        int offset = digits(text, at + 1, at + 3) * 3600 + digits(text, at + 4, at + 6) * 60;
        return text.charAt(at) == '-' ? -offset : offset;
    }

    private static int digits(String text, int from, int to) {
        int value = 0;
        for (int at = from; at < to; at++) {
            int digit = text.charAt(at) - '0';
            if (digit < 0 || digit > 9) {
                throw new NumberFormatException(text);
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** Count days in the Gregorian calendar, with the year taken to begin in March. */
    private static long daysSinceEpoch(int year, int month, int day) {
        long y = month <= 2 ? year - 1L : year;
        long era = Math.floorDiv(y, 400);
        long yearOfEra = y - era * 400;
        long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097 + dayOfEra - 719_468;
    }
}
