package dev.withstack.core.engine;

import dev.withstack.core.model.StackDefinition;
import java.util.List;

/** Which services of a stack are meant. */
public sealed interface Selection {

    /** These services and all that they need; none named means the whole stack, without what is started on request only. */
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

    /** Return the services that are asked for by name; empty if the whole stack is meant. */
    default List<String> named() {
        return this instanceof Only only ? only.services() : ((WithNeeds) this).services();
    }

    /** Return the named services in the order of the definition; if none is named, all that are started with the stack. */
    default List<String> names(StackDefinition definition) {
        List<String> named = named();
        named.forEach(definition::service);
        return named.isEmpty() ? definition.startedWithStack() : named;
    }
}
