package dev.withstack.core.profile;

import dev.withstack.core.settings.Asked;
import java.util.List;

/**
 * A setting of a stack, as it is shown to people.
 *
 * @param topic what it belongs to
 * @param meaning what it does; empty if nobody has explained it
 * @param usual what holds in the environment where nothing is given; empty for nothing
 * @param names all names that it may be given under, the strongest first
 */
public record Variable(String topic, String name, String meaning, Asked.Kind kind, String usual, List<String> names) {
    public Variable {
        names = List.copyOf(names);
    }

    Variable(String topic, String name, String meaning, Asked.Kind kind, String usual) {
        this(topic, name, meaning, kind, usual, List.of(name));
    }

    /** Tell whether somebody has said what it does. */
    public boolean isExplained() {
        return !meaning.isEmpty();
    }
}
