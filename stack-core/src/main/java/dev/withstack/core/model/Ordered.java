package dev.withstack.core.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Unmodifiable copies that keep the declared order, which {@code Map.copyOf} and {@code Set.copyOf} lose. */
public final class Ordered {

    private Ordered() {}

    /** Return an unmodifiable copy in the same order. */
    public static <K, V> Map<K, V> copyOf(Map<? extends K, ? extends V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** Return an unmodifiable copy in the same order, without repetitions. */
    public static <E> Set<E> copyOf(Iterable<? extends E> elements) {
        Set<E> copy = new LinkedHashSet<>();
        elements.forEach(copy::add);
        return Collections.unmodifiableSet(copy);
    }
}
