package dev.withstack.core.data;

import dev.withstack.core.model.HostAndPort;

/**
 * How a PostgreSQL server is used.
 *
 * @param user its superuser
 * @param database the database that the server was made with
 */
public record PostgresConnection(HostAndPort address, String user, String password, String database)
        implements ServiceConnection {

    /** Return the URL that JDBC takes; user and password are given apart. */
    public String jdbcUrl() {
        return jdbcUrl(database);
    }

    /** Return the URL by which JDBC reaches another database of the server. */
    public String jdbcUrl(String otherDatabase) {
        return "jdbc:postgresql://" + address + "/" + otherDatabase;
    }

    @Override
    public String toString() {
        return "PostgresConnection[" + user + " at " + jdbcUrl() + "]";
    }
}
