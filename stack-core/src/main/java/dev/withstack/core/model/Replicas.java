package dev.withstack.core.model;

/**
 * How many there are of a service that is made to be several.
 *
 * @param number how many there are
 * @param developed how many of them {@code dev} starts
 */
public record Replicas(int number, int developed) {
    /** More of one service on one engine is a mistake. */
    public static final int MOST = 32;

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
        return new Replicas(number, number);
    }

    /** Return the same number, of which {@code dev} starts only the first so many. */
    public Replicas developed(int count) {
        return new Replicas(number, count);
    }
}
