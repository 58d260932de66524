package dev.withstack.core.model;

/**
 * An edge: what must hold of another service before this one is started.
 *
 * @param on the name of the service needed
 * @param condition what must hold of it
 * @param need whether this one can do without it
 * @param restart whether this one is restarted with it
 */
public record Dependency(String on, Condition condition, Need need, Restart restart) {

    /** What must hold of the service depended on. */
    public enum Condition {
        /** Its container runs. */
        STARTED,
        /** Its probe says Ready. */
        HEALTHY,
        /** It runs once, and has ended well. */
        COMPLETED
    }

    /** Whether a service can do without another. */
    public enum Need {
        /** The other one is started too. */
        REQUIRED,
        /** The condition holds only if the other one is started anyway. */
        OPTIONAL
    }

    /** What becomes of a service when one that it needs is restarted by somebody. */
    public enum Restart {
        /** It goes on, and finds the other one again by itself. */
        ALONE,
        /** It is stopped before, and started again when the condition holds. */
        TOGETHER
    }

    /** Depend on a service, and go on when it is restarted. */
    public Dependency(String on, Condition condition, Need need) {
        this(on, condition, need, Restart.ALONE);
    }

    /** Depend on a service that is started too. */
    public Dependency(String on, Condition condition) {
        this(on, condition, Need.REQUIRED);
    }

    /** Return a dependency on a healthy service. */
    public static Dependency healthy(String on) {
        return new Dependency(on, Condition.HEALTHY);
    }

    /** Return a dependency on a service that runs once, and has ended well. */
    public static Dependency completed(String on) {
        return new Dependency(on, Condition.COMPLETED);
    }

    /** Return the same dependency, which holds only if the other service is started anyway. */
    public static Dependency optional(Dependency dependency) {
        return new Dependency(dependency.on(), dependency.condition(), Need.OPTIONAL, dependency.restart());
    }

    /** Return the same dependency of a service that is restarted whenever the other one is. */
    public static Dependency together(Dependency dependency) {
        return new Dependency(dependency.on(), dependency.condition(), dependency.need(), Restart.TOGETHER);
    }
}
