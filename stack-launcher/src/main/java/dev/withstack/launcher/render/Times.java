package dev.withstack.launcher.render;

import java.time.Duration;
import java.util.Locale;

/** How durations are shown to people. */
public final class Times {

    private Times() {}

    /** Return seconds with one decimal and no unit: {@code 4.1}. */
    public static String number(Duration duration) {
        return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1000.0);
    }

    /** Return seconds with one decimal: {@code 4.1 s}. */
    public static String text(Duration duration) {
        return number(duration) + " s";
    }
}
