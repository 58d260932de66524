package dev.withstack.core.profile;

import dev.withstack.core.model.Ordered;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the settings of a stack mean, by topic: {@code init} and {@code config} show it, and so does the stack's page.
 * Immutable; every method returns a new one.
 */
public final class Explanations {
    private final String topic;
    private final Map<String, Explanation> byName;

    private Explanations(String topic, Map<String, Explanation> byName) {
        this.topic = topic;
        this.byName = Ordered.copyOf(byName);
    }

    /** What one setting means, and what it belongs to. */
    record Explanation(String topic, String meaning) {}

    /** Explain nothing. */
    public static Explanations none() {
        return new Explanations("", Map.of());
    }

    /** Begin with the settings of this topic, such as {@code The application}. */
    public static Explanations on(String topic) {
        return new Explanations(topic, Map.of());
    }

    /** Go on with the settings of another topic. */
    public Explanations andOn(String other) {
        return new Explanations(other, byName);
    }

    /** Say what a setting does, in one sentence that begins with it: {@code Signs the tokens of those who are logged in.} */
    public Explanations of(String name, String meaning) {
        Map<String, Explanation> more = new LinkedHashMap<>(byName);
        if (more.put(name, new Explanation(topic, meaning)) != null) {
            throw new IllegalArgumentException(name + " is explained twice.");
        }
        return new Explanations(topic, more);
    }

    Map<String, Explanation> byName() {
        return byName;
    }
}
