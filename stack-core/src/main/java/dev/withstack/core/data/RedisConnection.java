package dev.withstack.core.data;

import dev.withstack.core.model.HostAndPort;
import java.net.URI;

/** How a Redis server is used. */
public record RedisConnection(HostAndPort address) implements ServiceConnection {

    /** Return {@code redis://host:port}. */
    public URI uri() {
        return URI.create("redis://" + address);
    }
}
