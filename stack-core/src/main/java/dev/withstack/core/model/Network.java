package dev.withstack.core.model;

import java.util.List;

/**
 * A network of a stack: services reach each other where they share one.
 *
 * @param name within the stack, such as {@code observability}
 * @param wholeName its name on the engine as given; empty where it follows from the stack's
 * @param subnets its addresses, such as {@code 172.22.1.0/24}; none where the engine chooses
 */
public record Network(String name, String wholeName, Kind kind, List<String> subnets) {
    public Network {
        subnets = List.copyOf(subnets);
    }

    /** Declare one with a way out, whose addresses the engine chooses. */
    public Network(String name, String wholeName) {
        this(name, wholeName, Kind.OPEN, List.of());
    }

    /** Whose it is, and where it leads. */
    public enum Kind {
        /** Made for the stack, with a way out to the world. */
        OPEN,
        /** Made for the stack, and nothing leads out of it. */
        INTERNAL,
        /** Somebody else's: it has to be there, and stays. */
        OUTSIDE
    }

    /** Return its name on the engine: {@code bi-agent-dev-observability}, or the whole name as given. */
    public String nameIn(StackId id) {
        if (kind == Kind.OUTSIDE) {
            return wholeName.isEmpty() ? name : wholeName;
        }
        return wholeName.isEmpty() ? id.prefix() + "-" + name : id.whole(wholeName);
    }
}
