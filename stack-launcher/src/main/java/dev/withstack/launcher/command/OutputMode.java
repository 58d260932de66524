package dev.withstack.launcher.command;

import java.util.Locale;

/** How progress and results are printed. */
public enum OutputMode {
    AUTO,
    TTY,
    PLAIN,
    JSON,
    QUIET;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
