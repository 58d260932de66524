package dev.withstack.core.settings;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Masks secrets by their value, wherever they turn up: as they are, line by line, and as they stand
 * in URLs, in JSON, and between single quotes in SQL and shells.
 * Immutable.
 *
 * <p>Values shorter than six characters are left alone: masking them would make holes in ordinary words.
 */
public final class Redaction {
    /** What stands for a secret. */
    public static final String MASK = "***";

    private static final int SHORTEST = 6;
    private static final Pattern PERCENT = Pattern.compile("%[0-9A-F]{2}");

    /** Masks nothing. */
    public static final Redaction NONE = new Redaction(List.of());

    private final List<String> masked;

    private Redaction(List<String> masked) {
        this.masked = masked;
    }

    /** Mask these values. */
    public static Redaction of(Collection<String> secrets) {
        Set<String> masked = new LinkedHashSet<>();
        for (String secret : secrets) {
            addForms(secret, masked);
            // logs come line by line
            secret.lines().map(String::strip).forEach(line -> addForms(line, masked));
        }
        masked.removeIf(form -> form.length() < SHORTEST);
        return new Redaction(List.copyOf(masked));
    }

    private static void addForms(String secret, Set<String> forms) {
        if (secret.length() < SHORTEST) {
            return;
        }
        String form = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        String percent = form.replace("+", "%20");
        forms.add(secret);
        forms.add(form);
        forms.add(percent);
        forms.add(PERCENT.matcher(percent).replaceAll(Redaction::inLowerCase));
        forms.add(secret.replace("'", "''"));
        forms.add(secret.replace("'", "'\\''"));
        forms.add(secret.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t"));
    }

    private static String inLowerCase(MatchResult match) {
        return match.group().toLowerCase(Locale.ROOT);
    }

    /** Return the text with every secret masked; secrets that overlap are masked as one. */
    public String apply(String text) {
        List<int[]> spans = new ArrayList<>();
        for (String secret : masked) {
            for (int at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
                spans.add(new int[] {at, at + secret.length()});
            }
        }
        if (spans.isEmpty()) {
            return text;
        }
        spans.sort((left, right) -> Integer.compare(left[0], right[0]));
        StringBuilder result = new StringBuilder();
        int end = 0;
        for (int[] span : spans) {
            if (span[0] >= end) {
                result.append(text, end, span[0]).append(MASK);
            }
            end = Math.max(end, span[1]);
        }
        return result.append(text, end, text.length()).toString();
    }
}
