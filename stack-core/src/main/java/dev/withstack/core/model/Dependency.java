package dev.withstack.core.model;

/**
 * An edge: what must hold of another service before this one is started.
 *
 * @param on the name of the service needed
 * @param condition what must hold of it
 */
public record Dependency(String on, Condition condition) {

    /** What must hold of the service depended on. */
    public enum Condition {
        /** Its container runs. */
        STARTED,
        /** Its probe says Ready. */
        HEALTHY
    }

    /** Return a dependency on a healthy service. */
    public static Dependency healthy(String on) {
        return new Dependency(on, Condition.HEALTHY);
    }
}
