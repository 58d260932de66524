package dev.withstack.launcher.command;

import java.util.regex.Pattern;

/** Writes values so that a shell reads them as they are. */
final class Shells {
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private Shells() {}

    static String quote(String value) {
        return HARMLESS.matcher(value).matches() ? value : "'" + value.replace("'", "'\\''") + "'";
    }
}
