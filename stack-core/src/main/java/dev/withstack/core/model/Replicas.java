package dev.withstack.core.model;

/**
 * How many there are of a service that is made to be several.
 *
 * @param number how many there are
 * @param developed how many of them {@code dev} starts
 * @param first what the first of them is called
 */
public record Replicas(int number, int developed, First first) {
    /** More of one service on one engine is a mistake. */
    public static final int MOST = 32;

    /** What the first replica is called; the second is {@code worker-2} in either case. */
    public enum First {
        /** {@code worker-1}: for a service that is meant to be several. */
        NUMBERED,
        /** {@code worker}: for a service that mostly is one and can be more; it can't have endpoints. */
        PLAIN
    }

    public Replicas {
        if (number < 1 || number > MOST) {
            throw new IllegalArgumentException(number + " replicas are not between 1 and " + MOST + ".");
        }
        if (developed < 1 || developed > number) {
            throw new IllegalArgumentException(
                    "dev can't start " + developed + " of " + number + " replicas: it starts at least one.");
        }
    }

    /** Return this many, all of which {@code dev} starts. */
    public static Replicas of(int number) {
        return new Replicas(number, number, First.NUMBERED);
    }

    /** Return one, which bears the service's own name, and may be scaled to more. */
    public static Replicas one() {
        return new Replicas(1, 1, First.PLAIN);
    }

    /** Return the same number, of which {@code dev} starts only the first so many. */
    public Replicas developed(int count) {
        return new Replicas(number, count, first);
    }

    /** Return another number, all of which {@code dev} starts, called alike. */
    public Replicas scaled(int count) {
        return new Replicas(count, count, first);
    }

    /** Return what the replica of this number is called, counted from 1. */
    String name(String service, int ordinal) {
        return ordinal == 1 && first == First.PLAIN ? service : service + "-" + ordinal;
    }
}
