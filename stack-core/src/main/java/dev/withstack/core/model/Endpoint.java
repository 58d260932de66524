package dev.withstack.core.model;

/**
 * A named TCP port of a service.
 *
 * @param name what the port is for, such as {@code http}
 * @param port the port inside the network
 * @param publication whether and where the host can reach it
 */
public record Endpoint(String name, int port, Publication publication) {

    public Endpoint {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(
                    "Port " + port + " of endpoint '" + name + "' is not between 1 and 65535.");
        }
    }

    /** Return the same endpoint, published as given. */
    public Endpoint published(Publication as) {
        return new Endpoint(name, port, as);
    }

    /** Whether and where the host can reach an endpoint. */
    public sealed interface Publication {}

    /** Reachable within the stack's network only. */
    public record Hidden() implements Publication {}

    /** Reachable on one port of the host, bound to the given address. */
    public record Fixed(String bindAddress, int hostPort) implements Publication {
        public Fixed {
            if (hostPort < 1 || hostPort > 65535) {
                throw new IllegalArgumentException("Host port " + hostPort + " is not between 1 and 65535.");
            }
        }
    }

    /** Reachable on whichever port of the host is free, bound to the given address. */
    public record AnyFree(String bindAddress) implements Publication {}

    /** What endpoints are bound to unless asked otherwise: this machine alone. */
    public static final String LOOPBACK = "127.0.0.1";
}
