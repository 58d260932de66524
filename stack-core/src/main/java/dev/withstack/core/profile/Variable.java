package dev.withstack.core.profile;

import dev.withstack.core.settings.Asked;

/**
 * A setting of a stack, as it is shown to people.
 *
 * @param topic what it belongs to
 * @param meaning what it does; empty if nobody has explained it
 * @param usual what holds in the environment where nothing is given; empty for nothing
 */
public record Variable(String topic, String name, String meaning, Asked.Kind kind, String usual) {

    /** Tell whether somebody has said what it does. */
    public boolean isExplained() {
        return !meaning.isEmpty();
    }
}
