package dev.withstack.core.model;

/**
 * Which stack in which environment, and how everything that belongs to it is named on the engine.
 *
 * @param run tells runs apart that may happen at once, as under tests; empty for the one lasting stack
 */
public record StackId(String stack, Environment environment, String run) {

    private static final String KEPT = "kept-";

    /** Return the same for a run that may outlive the process which starts it, so that another one adopts it. */
    public StackId kept(String key) {
        return new StackId(stack, environment, KEPT + key);
    }

    /** Tell whether it is such a run. */
    public boolean isKept() {
        return run.startsWith(KEPT);
    }

    /** Return the lasting stack of this name and environment. */
    public static StackId of(String stack, Environment environment) {
        return new StackId(stack, environment, "");
    }

    /**
     * Return the name of the network, and the prefix of every container's name: {@code frostbyte-dev}. That of a base,
     * which belongs to no environment, is the stack's name alone.
     */
    public String prefix() {
        return stack
                + (environment == Environment.BASE ? "" : "-" + environment.id())
                + (run.isEmpty() ? "" : "-" + run);
    }

    public String containerName(String service) {
        return prefix() + "-" + service;
    }

    /**
     * Return the name of a volume: {@code frostbyte_postgres_data}, with {@code -<environment>} in all but dev, which for
     * a base is {@code -base}.
     */
    public String volumeName(String volume) {
        String suffix = environment == Environment.DEV && run.isEmpty()
                ? ""
                : "-" + environment.id() + (run.isEmpty() ? "" : "-" + run);
        return stack + "_" + volume + suffix;
    }

    /** Return a name that is kept as it was given, but for a run: runs share nothing. */
    public String whole(String name) {
        return run.isEmpty() ? name : name + "-" + run;
    }

    @Override
    public String toString() {
        return stack + " (" + environment.id() + (run.isEmpty() ? "" : " " + run) + ")";
    }
}
