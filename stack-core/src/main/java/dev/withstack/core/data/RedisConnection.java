package dev.withstack.core.data;

import dev.withstack.core.model.HostAndPort;
import java.net.URI;

/**
 * How a Redis server is used.
 *
 * @param database the numbered database to use: 0, unless it is a part of the server
 */
public record RedisConnection(HostAndPort address, int database) implements ServiceConnection {

    /** Return {@code redis://host:port}, and {@code /number} behind it if the database is another one than 0. */
    public URI uri() {
        return URI.create("redis://" + address + (database == 0 ? "" : "/" + database));
    }
}
