package dev.withstack.core.health;

import dev.withstack.core.model.HostAndPort;
import java.io.IOException;

/**
 * Logs in to a PostgreSQL server over TCP: the server of the initialisation phase listens on its Unix socket only, so a
 * login means that the real one is there. It also proves the configured credentials, which the server takes on an empty
 * volume only.
 */
final class PostgresProbe {
    private static final String INVALID_PASSWORD = "28P01";
    private static final String INVALID_AUTHORIZATION = "28000";
    private static final String UNKNOWN_DATABASE = "3D000";

    private final String user;
    private final String password;
    private final String database;

    PostgresProbe(String user, String password, String database) {
        this.user = user;
        this.password = password;
        this.database = database;
    }

    Answer ask(HostAndPort address) throws IOException {
        try (PostgresSession session = PostgresSession.open(address, user, password, database)) {
            return Answer.READY;
        } catch (PostgresSession.RefusedException e) {
            return judge(e);
        }
    }

    private static Answer judge(PostgresSession.RefusedException refused) {
        String message = String.valueOf(refused.getMessage());
        return switch (refused.code()) {
            case INVALID_PASSWORD, INVALID_AUTHORIZATION ->
                new Answer.Hopeless(
                        "PostgreSQL refuses the configured login: " + message,
                        "PostgreSQL takes user and password only when its volume is new. Set the ones the volume was made"
                                + " with, change them with ALTER ROLE in its shell, or begin afresh with: reset.");
            case UNKNOWN_DATABASE ->
                new Answer.Hopeless(
                        "PostgreSQL has no such database: " + message,
                        "PostgreSQL creates its database only when its volume is new. Set the name the volume was made"
                                + " with, create it with CREATE DATABASE in its shell, or begin afresh with: reset.");
            default -> new Answer.NotReady("PostgreSQL says: " + message);
        };
    }
}
