package dev.withstack.core.driver.container;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which images may be taken for those that a stack asks for. */
public enum ImagePolicy {
    /** The images asked for; offline counterparts where no registry answers. */
    AUTO,
    /** Only the images asked for. */
    UPSTREAM,
    /** Offline counterparts wherever there are any, without asking a registry. */
    OFFLINE;

    /** The system property and, in capitals with an underscore, the environment variable that sets the policy. */
    public static final String PROPERTY = "withstack.images";

    /**
     * Read the policy from its word.
     *
     * @throws IllegalArgumentException if it is none, listing those there are
     */
    public static ImagePolicy of(String word) {
        for (ImagePolicy policy : values()) {
            if (policy.name().equalsIgnoreCase(word)) {
                return policy;
            }
        }
        throw new IllegalArgumentException("'" + word + "' is no image policy; " + PROPERTY + " takes "
                + Arrays.stream(values())
                        .map(policy -> policy.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "))
                + ".");
    }
}
