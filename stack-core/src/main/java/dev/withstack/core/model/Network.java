package dev.withstack.core.model;

/**
 * A network of a stack: services reach each other where they share one.
 *
 * @param name within the stack, such as {@code observability}
 * @param wholeName its name on the engine as given; empty where it follows from the stack's
 */
public record Network(String name, String wholeName) {

    /** Return its name on the engine: {@code bi-agent-dev-observability}, or the whole name as given. */
    public String nameIn(StackId id) {
        return wholeName.isEmpty() ? id.prefix() + "-" + name : id.whole(wholeName);
    }
}
