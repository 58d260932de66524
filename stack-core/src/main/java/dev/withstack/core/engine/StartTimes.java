package dev.withstack.core.engine;

import dev.withstack.core.model.Ordered;
import dev.withstack.core.model.StackId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a start did, and how long each part of it took.
 *
 * @param began when the first plan was made; all else is counted from there
 * @param images when the image of a service was pulled or built; the others were there
 * @param started the services that were started; the others ran already
 * @param timeline when each service was started and ready
 */
public record StartTimes(Instant began, Map<String, Span> images, Set<String> started, Timeline timeline) {

    public StartTimes {
        images = Ordered.copyOf(images);
        started = Ordered.copyOf(started);
    }

    /** A part of a start, from its beginning to its end. */
    public record Span(Duration from, Duration to) {
        /** Return how long it took. */
        public Duration took() {
            return to.minus(from);
        }
    }

    /** Return the times of the last start of the stack that came to its end; empty if none is remembered. */
    public static Optional<StartTimes> ofLast(Path stateDirectory, StackId id) {
        return new StartMemory(stateDirectory, id).recall();
    }
}
