package dev.withstack.core.model;

import java.util.List;

/**
 * The part of a server's data that is one stack's own, where several share the server: it is made when the stack starts
 * and removed with the stack's data, while the server's volume stays. Immutable.
 */
public sealed interface Share {

    /** Return the server's name. */
    String service();

    /** Return what is shared out, for people: {@code database dev_shop of postgres}. */
    String text();

    /** A database of a PostgreSQL server. */
    record Database(String service, String name) implements Share {
        @Override
        public String text() {
            return "database " + name + " of " + service;
        }
    }

    /** A numbered database of a Redis server. */
    record KeySpace(String service, int number) implements Share {
        @Override
        public String text() {
            return "keys of database " + number + " of " + service;
        }
    }

    /** The collections of a Qdrant server whose names begin with the prefix; the application makes them. */
    record Collections(String service, String prefix) implements Share {
        @Override
        public String text() {
            return "collections " + prefix + "* of " + service;
        }
    }

    /**
     * The buckets of an S3 server whose names begin with the prefix.
     *
     * @param names of the buckets that are made, behind the prefix
     */
    record Buckets(String service, String prefix, List<String> names) implements Share {
        public Buckets {
            names = List.copyOf(names);
        }

        @Override
        public String text() {
            return "buckets " + prefix + "* of " + service;
        }
    }
}
