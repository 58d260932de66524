package dev.withstack.core.model;

/**
 * A stream of server-sent events that a service promises.
 *
 * @param endpoint where it is asked for
 * @param path of the HTTP GET
 * @param field a field that the JSON object in the {@code data:} line of an event has
 */
public record StreamCheck(String endpoint, String path, String field) {}
