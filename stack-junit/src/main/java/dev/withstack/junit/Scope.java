package dev.withstack.junit;

/** Who shares a stack. */
public enum Scope {
    /** Nobody: each test method has a stack of its own. */
    METHOD,

    /** The tests of the class, and of those nested in it. */
    CLASS,

    /**
     * All classes of the run in this JVM that are annotated alike, also those that run at the same time: it is started for
     * the first of them and removed when the run ends.
     */
    RUN
}
