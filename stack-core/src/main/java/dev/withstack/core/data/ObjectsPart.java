package dev.withstack.core.data;

import java.io.IOException;
import java.util.List;

/** The buckets of a server that speaks S3 whose names begin alike, with a copy of each of those that are nobody's. */
record ObjectsPart(ObjectsReset.Server server, int number) implements DataPart {
    private String prefix() {
        return PartName.prefix(number);
    }

    @Override
    public void make() throws IOException {
        remove();
        S3 s3 = server.now();
        List<String> buckets =
                s3.buckets().stream().filter(name -> !PartName.isOfAPart(name)).toList();
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
