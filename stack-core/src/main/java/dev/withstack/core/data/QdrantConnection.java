package dev.withstack.core.data;

import dev.withstack.core.model.HostAndPort;
import java.net.URI;

/** How a Qdrant server is used. */
public record QdrantConnection(HostAndPort address) implements ServiceConnection {

    /** Return the URL of its HTTP interface. */
    public URI url() {
        return URI.create("http://" + address);
    }
}
