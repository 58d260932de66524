package dev.withstack.launcher.console;

import java.util.regex.Pattern;

/** How emphasis is written: in colours, or not at all. */
public enum Style {
    COLOURED,
    PLAIN;

    private static final Pattern ESCAPE = Pattern.compile("\u001B\\[[0-9;?]*[A-Za-z]");

    public String bold(String text) {
        return wrap("1", text);
    }

    public String dim(String text) {
        return wrap("2", text);
    }

    public String red(String text) {
        return wrap("31", text);
    }

    public String green(String text) {
        return wrap("32", text);
    }

    public String yellow(String text) {
        return wrap("33", text);
    }

    public String cyan(String text) {
        return wrap("36", text);
    }

    /** Return the text in one of six colours, always the same for the same number. */
    public String tinted(String text, int number) {
        int[] colours = {36, 33, 32, 35, 34, 31};
        return wrap(Integer.toString(colours[Math.floorMod(number, colours.length)]), text);
    }

    /** Return how many columns the text takes on a screen. */
    public static int width(String text) {
        String visible =
                text.indexOf('\u001B') < 0 ? text : ESCAPE.matcher(text).replaceAll("");
        return visible.codePointCount(0, visible.length());
    }

    /** Return the text cut to the columns there are, with its colours closed. */
    public static String fit(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        StringBuilder fitted = new StringBuilder();
        int used = 0;
        for (int i = 0; i < text.length() && used < columns - 1; ) {
            if (text.charAt(i) == '\u001B') {
                int end = text.indexOf('m', i) + 1;
                fitted.append(text, i, end);
                i = end;
            } else {
                int character = text.codePointAt(i);
                fitted.appendCodePoint(character);
                i += Character.charCount(character);
                used++;
            }
        }
        return fitted.append("…")
                .append(text.indexOf('\u001B') < 0 ? "" : "\u001B[0m")
                .toString();
    }

    private String wrap(String code, String text) {
        return this == PLAIN || text.isEmpty() ? text : "\u001B[" + code + "m" + text + "\u001B[0m";
    }
}
