package dev.withstack.launcher;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds a value out when it is first asked for, and keeps it. Not safe for use by several threads. */
final class Once<T> implements Supplier<T> {
    private final Supplier<T> source;
    private @Nullable T value;

    Once(Supplier<T> source) {
        this.source = source;
    }

    @Override
    public T get() {
        if (value == null) {
            value = source.get();
        }
        return value;
    }
}
