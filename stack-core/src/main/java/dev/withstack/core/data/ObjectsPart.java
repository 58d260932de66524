package dev.withstack.core.data;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** The buckets of a server that speaks S3 whose names begin alike, with a copy of each of those that are nobody's. */
record ObjectsPart(ObjectsReset.Server server, int number) implements DataPart {
    private static final Pattern OF_A_PART = Pattern.compile("part[0-9]+-.*");

    private String prefix() {
        return "part" + number + "-";
    }

    @Override
    public void make() throws IOException {
        remove();
        S3 s3 = server.now();
        List<String> buckets = s3.buckets().stream()
                .filter(name -> !OF_A_PART.matcher(name).matches())
                .toList();
        boolean unused = s3.make(prefix(), buckets);
        for (String bucket : buckets) {
            s3.each(bucket, key -> s3.copy(bucket, key, prefix() + bucket));
        }
    }

    @Override
    public ServiceConnection within(ServiceConnection server) {
        return server instanceof S3Connection whole
                ? new S3Connection(whole.address(), whole.accessKey(), whole.secretKey(), prefix())
                : server;
    }

    @Override
    public DataReset reset() {
        return new ObjectsReset(server, prefix());
    }

    @Override
    public void remove() throws IOException {
        server.now().drop(prefix());
    }
}
