package dev.withstack.core.docker;

import java.util.function.Consumer;

/**
 * Take what a stream brings.
 *
 * <p>Called on the stream's own thread, one call at a time, in order; {@link #ended} comes last, once. An exception
 * thrown by {@link #next} ends the stream and is its failure.
 */
public interface StreamListener<T> {

    /** Take one item. */
    void next(T item);

    /** Learn that no more comes, and why. */
    void ended(StreamEnd end);

    /** Take the items and pass over the end. */
    static <T> StreamListener<T> each(Consumer<? super T> consumer) {
        return new StreamListener<>() {
            @Override
            public void next(T item) {
                consumer.accept(item);
            }

            @Override
            public void ended(StreamEnd end) {
                // Asked not to know.
            }
        };
    }
}
