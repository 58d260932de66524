package dev.withstack.core.engine;

import dev.withstack.core.model.StackDefinition;
import java.util.List;

/** Which services of a stack are meant. */
public sealed interface Selection {

    /** These services and all that they need; none named means the whole stack. */
    record WithNeeds(List<String> services) implements Selection {
        public WithNeeds {
            services = List.copyOf(services);
        }
    }

    /** These services alone: what they need is checked, not started. */
    record Only(List<String> services) implements Selection {
        public Only {
            services = List.copyOf(services);
        }
    }

    /** Return the whole stack. */
    static Selection all() {
        return new WithNeeds(List.of());
    }

    /** Return the named services in the order of the definition; all if none is named. */
    default List<String> names(StackDefinition definition) {
        List<String> named = this instanceof Only only ? only.services() : ((WithNeeds) this).services();
        named.forEach(definition::service);
        return named.isEmpty() ? List.copyOf(definition.services().keySet()) : named;
    }
}
