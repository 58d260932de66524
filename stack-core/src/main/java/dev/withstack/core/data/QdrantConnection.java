package dev.withstack.core.data;

import dev.withstack.core.model.HostAndPort;
import java.net.URI;

/**
 * How a Qdrant server is used.
 *
 * @param collectionPrefix what the names of collections begin with: nothing, unless it is a part of the server
 */
public record QdrantConnection(HostAndPort address, String collectionPrefix) implements ServiceConnection {

    /** Return the URL of its HTTP interface. */
    public URI url() {
        return URI.create("http://" + address);
    }

    /** Return what a collection is called here. */
    public String collection(String name) {
        return collectionPrefix + name;
    }
}
