package dev.withstack.core.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How to find out whether a service is ready. This is the description; {@code core.health} carries it out.
 *
 * <p>An endpoint name left empty means the service's first endpoint.
 */
public sealed interface Probe {

    /** How long a service may take to become ready before the start fails. */
    Duration PATIENCE = Duration.ofMinutes(2);

    /** One that asks a port of the service from outside its container. */
    sealed interface OfEndpoint extends Probe {
        /** Return the name of the endpoint; empty for the service's first. */
        String endpoint();
    }

    /**
     * An HTTP GET that must answer with the given status, and with the given text or JSON value where asked.
     *
     * @param json a top-level JSON field and the value it must have
     * @param contains a text that the body must contain
     */
    record Http(String endpoint, String path, int status, Optional<JsonField> json, Optional<String> contains)
            implements OfEndpoint {
        /** Demand that a top-level field of the JSON answer has this value. */
        public Http json(String field, String value) {
            return new Http(endpoint, path, status, Optional.of(new JsonField(field, value)), contains);
        }

        /** Demand that the answer contains this text. */
        public Http containing(String text) {
            return new Http(endpoint, path, status, json, Optional.of(text));
        }

        /** Ask this endpoint instead of the service's first. */
        public Http on(String endpointName) {
            return new Http(endpointName, path, status, json, contains);
        }
    }

    /** A JSON field and the value it must have. */
    record JsonField(String name, String value) {}

    /** A connection that the server itself holds open: one that is closed at once does not count. */
    record Tcp(String endpoint) implements OfEndpoint {}

    /**
     * A connection likewise, for a service of which nothing else is known: nobody has said how its readiness shows, so
     * people are told that it is inferred.
     */
    record Inferred(String endpoint) implements OfEndpoint {}

    /**
     * The health check that the image has of its own, for a service that has none. It is looked up once the image is there.
     *
     * @param command empty until it is looked up, and where the image has none
     */
    record OfImage(List<String> command, Otherwise otherwise) implements Probe {
        public OfImage {
            command = List.copyOf(command);
        }

        /** Ask for what the image has, which is not looked up yet. */
        public OfImage(Otherwise otherwise) {
            this(List.of(), otherwise);
        }

        /** What is ready where the image has no health check either. */
        public enum Otherwise {
            /** What runs. */
            WHATEVER_RUNS,
            /** Nothing: others wait until it is healthy, and nobody can say so. */
            NOTHING
        }
    }

    /** A login with the configured credentials, by PostgreSQL's wire protocol. */
    record PostgresLogin(String endpoint, Value user, Value password, String database) implements OfEndpoint {}

    /** A PING that must answer PONG, after AUTH where there is a password. */
    record RedisPing(String endpoint, Optional<Value> password) implements OfEndpoint {}

    /** A command inside the container that must end with exit code 0. Slow to run, so tried at a slower pace. */
    record Command(List<String> command) implements Probe {
        public Command {
            command = List.copyOf(command);
        }
    }

    /** The wait strategy that a provided container brings itself. */
    record ItsOwn() implements Probe {}

    /** The end of the main process with exit code 0: the service runs once. */
    record Completion() implements Probe {}

    /** Ask for this path by HTTP GET; 200 is ready. */
    static Http http(String path) {
        return new Http("", path, 200, Optional.empty(), Optional.empty());
    }

    /** Connect to the service's first endpoint. */
    static Tcp tcp() {
        return new Tcp("");
    }

    /** Run this command inside the container. */
    static Command command(String... command) {
        return new Command(List.of(command));
    }
}
