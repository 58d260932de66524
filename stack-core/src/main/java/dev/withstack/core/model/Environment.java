package dev.withstack.core.model;

import java.util.List;
import java.util.Locale;

/** How a stack is run: on a laptop, as a rehearsal, as a release, or under a test; or as what these share. */
public enum Environment {
    /** Fixed ports on loopback, development logins, containers outlive the launcher. */
    DEV,
    /** The rules of {@link #PROD}, for rehearsing a release. */
    STAGE,
    /** Limits, hardening and real secrets. */
    PROD,
    /** Random ports, nothing shared, nothing left behind. */
    TEST,
    /** None of these: the base that a stack's environments share. Its names on the engine name no environment. */
    BASE;

    /** Those in which a stack lasts beyond the launcher. */
    public static final List<Environment> LASTING = List.of(DEV, STAGE, PROD);

    /** Return the name used in labels, networks, volumes and on the command line, such as {@code dev}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Tell whether real secrets are demanded and databases stay unpublished. */
    public boolean isRelease() {
        return this == STAGE || this == PROD;
    }
}
