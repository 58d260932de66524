package dev.withstack.core.data;

import dev.withstack.core.model.HostAndPort;
import java.net.URI;

/** How a server that speaks S3 is used: with its buckets in the path, not in the host's name. */
public record S3Connection(HostAndPort address, String accessKey, String secretKey) implements ServiceConnection {

    /** Return {@code http://host:port}. */
    public URI endpoint() {
        return URI.create("http://" + address);
    }

    @Override
    public String toString() {
        return "S3Connection[" + accessKey + " at " + endpoint() + "]";
    }
}
