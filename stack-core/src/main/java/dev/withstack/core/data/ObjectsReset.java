package dev.withstack.core.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the buckets of a server that speaks S3 back: those that have come go, those that are gone come again, and of
 * their objects those that differ. Its policies, versions and users are not looked at. Of its buckets only those are whose
 * names begin with a prefix.
 */
final class ObjectsReset implements DataReset {
    private static final long MOST_KEPT = 256L << 20;

    private final Server server;
    private final String prefix;
    private final Map<String, Map<String, Kept>> buckets = new LinkedHashMap<>();

    ObjectsReset(Server server, String prefix) {
        this.server = server;
        this.prefix = prefix;
    }

    /** Where the server is at the moment. */
    interface Server {
        S3 now() throws IOException;
    }

    /**
     * An object as it was.
     *
     * @param version changes whenever it is written
     */
    private record Kept(String version, Map<String, String> headers, byte[] content) {
        Kept as(String otherVersion) {
            return new Kept(otherVersion, headers, content);
        }
    }

    @Override
    public void remember() throws IOException {
        S3 s3 = server.now();
        buckets.clear();
        long size = 0;
        for (String bucket : buckets(s3)) {
            Map<String, Kept> objects = new LinkedHashMap<>();
            for (Map.Entry<String, String> object : s3.versions(bucket).entrySet()) {
                Optional<HttpCall.Opened> opened = s3.open(bucket, object.getKey());
                if (opened.isPresent()) {
                    try (HttpCall.Opened content = opened.get()) {
                        byte[] bytes = content.body().readAllBytes();
                        size += bytes.length;
                        objects.put(
                                object.getKey(),
                                new Kept(object.getValue(), ObjectsHolding.kept(content.headers()), bytes));
                    }
                }
                if (size > MOST_KEPT) {
                    throw new IOException("its objects are more than the " + (MOST_KEPT >> 20)
                            + " MB that are kept to put them back");
                }
            }
            buckets.put(bucket, objects);
        }
    }

    @Override
    public void reset() throws IOException {
        S3 s3 = server.now();
        List<String> now = buckets(s3);
        for (String bucket : now) {
            if (!buckets.containsKey(bucket)) {
                s3.dropBucket(bucket);
            }
        }
        for (Map.Entry<String, Map<String, Kept>> bucket : buckets.entrySet()) {
            if (!now.contains(bucket.getKey())) {
                boolean unused = s3.make("", List.of(bucket.getKey()));
            }
            putBack(s3, bucket.getKey(), bucket.getValue());
        }
    }

    private List<String> buckets(S3 s3) throws IOException {
        return s3.buckets().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    private static void putBack(S3 s3, String bucket, Map<String, Kept> objects) throws IOException {
        Map<String, String> now = s3.versions(bucket);
        for (String key : now.keySet()) {
            if (!objects.containsKey(key)) {
                s3.remove(bucket, key);
            }
        }
        boolean isWritten = false;
        for (Map.Entry<String, Kept> object : objects.entrySet()) {
            Kept kept = object.getValue();
            if (!kept.version().equals(now.get(object.getKey()))) {
                s3.put(
                        bucket,
                        object.getKey(),
                        kept.headers(),
                        new ByteArrayInputStream(kept.content()),
                        kept.content().length);
                isWritten = true;
            }
        }
        if (isWritten) {
            s3.versions(bucket)
                    .forEach((key, version) -> objects.computeIfPresent(key, (name, kept) -> kept.as(version)));
        }
    }
}
