package dev.withstack.core.health;

/** What a probe found: ready, or why not. */
public sealed interface Answer {

    /** The service does its work. */
    record Ready() implements Answer {}

    /** Not yet, for this reason; asking again may help. */
    record NotReady(String reason) implements Answer {}

    /**
     * Never, for this reason: asking again can't help.
     *
     * @param fix what to do about it
     */
    record Hopeless(String reason, String fix) implements Answer {}

    Answer READY = new Ready();

    /** Return the reason in words; {@code ready} when there is none. */
    default String text() {
        if (this instanceof NotReady notReady) {
            return notReady.reason();
        }
        return this instanceof Hopeless hopeless ? hopeless.reason() : "ready";
    }
}
