package dev.withstack.core.settings;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Masks secrets by their value, wherever they turn up. Immutable.
 *
 * <p>Values shorter than six characters are left alone: masking them would make holes in ordinary words.
 */
public final class Redaction {
    /** What stands for a secret. */
    public static final String MASK = "***";

    private static final int SHORTEST = 6;

    /** Masks nothing. */
    public static final Redaction NONE = new Redaction(List.of());

    private final List<String> masked;

    private Redaction(List<String> masked) {
        this.masked = masked;
    }

    /** Mask these values, as they are and as they stand in URLs. */
    public static Redaction of(Collection<String> secrets) {
        List<String> masked = new ArrayList<>();
        for (String secret : secrets) {
            if (secret.length() >= SHORTEST) {
                masked.add(secret);
                masked.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
            }
        }
        // a secret that contains another one is masked whole
        masked.sort(Comparator.comparing(String::length).reversed());
        return new Redaction(masked.stream().distinct().toList());
    }

    /** Return the text with every secret masked. */
    public String apply(String text) {
        String result = text;
        for (String secret : masked) {
            result = result.replace(secret, MASK);
        }
        return result;
    }
}
