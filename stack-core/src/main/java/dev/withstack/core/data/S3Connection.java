package dev.withstack.core.data;

import dev.withstack.core.model.HostAndPort;
import java.net.URI;

/**
 * How a server that speaks S3 is used: with its buckets in the path, not in the host's name.
 *
 * @param bucketPrefix what the names of buckets begin with: nothing, unless it is a part of the server
 */
public record S3Connection(HostAndPort address, String accessKey, String secretKey, String bucketPrefix)
        implements ServiceConnection {

    /** Return {@code http://host:port}. */
    public URI endpoint() {
        return URI.create("http://" + address);
    }

    /** Return what a bucket is called here. */
    public String bucket(String name) {
        return bucketPrefix + name;
    }

    @Override
    public String toString() {
        return "S3Connection[" + accessKey + " at " + endpoint() + "]";
    }
}
