package dev.withstack.core.engine;

import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.StackDefinition;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

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

    /**
     * Return the named services; if none is named, all that are started with the stack. A name that several go by
     * is all of them.
     *
     * @throws IllegalArgumentException if the definition does not have one of them
     */
    default List<String> names(StackDefinition definition) {
        if (named().isEmpty()) {
            return definition.startedWithStack();
        }
        return named().stream()
                .flatMap(name -> definition.meant(name).stream())
                .distinct()
                .toList();
    }

    /** Return the same with those services too; if none is named, all are meant already. */
    default Selection with(Collection<String> more) {
        if (named().isEmpty() || more.isEmpty()) {
            return this;
        }
        List<String> both =
                Stream.concat(named().stream(), more.stream()).distinct().toList();
        return this instanceof Only ? new Only(both) : new WithNeeds(both);
    }

    /** Return what is meant of the stack's own services; empty if only services of its base are. */
    default Optional<Selection> own(StackDefinition definition) {
        return named().isEmpty()
                ? Optional.of(this)
                : among(definition, definition.services().keySet());
    }

    /** Return what is named of the base's services, as it is named; empty if none is. */
    default Optional<Selection> namedOfBase(StackDefinition definition) {
        return definition
                .base()
                .flatMap(base -> among(definition, base.services().keySet()));
    }

    /** Return what of the base has to be up: what is named of it, and what own services need. */
    default Optional<Selection> ofBase(StackDefinition definition) {
        if (definition.base().isEmpty() || this instanceof Only) {
            return namedOfBase(definition);
        }
        if (named().isEmpty()) {
            return Optional.of(all());
        }
        Set<String> needed = new LinkedHashSet<>(
                namedOfBase(definition).map(Selection::named).orElse(List.of()));
        own(definition).ifPresent(own -> definition.closure(own.names(definition)).stream()
                .flatMap(name -> definition.service(name).dependencies().stream())
                .map(Dependency::on)
                .filter(name -> !definition.services().containsKey(name))
                .forEach(needed::add));
        // without a single one there would not even be the network that own services join
        return Optional.of(new WithNeeds(List.copyOf(needed)));
    }

    private Optional<Selection> among(StackDefinition definition, Set<String> names) {
        List<String> meant = named().stream()
                .flatMap(name -> meant(definition, name))
                .filter(names::contains)
                .distinct()
                .toList();
        if (meant.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(this instanceof Only ? new Only(meant) : new WithNeeds(meant));
    }

    private static Stream<String> meant(StackDefinition definition, String name) {
        return definition.servicesWithBase().containsKey(name) ? Stream.of(name) : definition.meant(name).stream();
    }
}
