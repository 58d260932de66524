package dev.withstack.junit;

/** What of the servers of a stack that classes share each of them has to itself. */
public enum Isolation {
    /** Nothing: classes see what others write. */
    NONE,

    /**
     * Each class has a database of PostgreSQL, a numbered database of Redis, buckets and collections of its own, which
     * begin with a copy of what the stack was seeded with; connections that are given lead there. For {@link Scope#RUN}, and
     * where no application of the stack runs: that would use the servers for all classes at once.
     */
    CLASS
}
