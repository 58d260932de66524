package dev.withstack.core.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

/**
 * The objects of an S3 server, or those in the buckets that are the stack's own, each with what its user said of it. They
 * stand in one file one after the other, a few lines of text before the content of each. They are put back into buckets
 * beside those in use and copied over within the server once all have arrived.
 *
 * @param prefix of the names of the buckets that are meant; what is saved has no prefix, as another environment has another
 */
record ObjectsHolding(String service, S3 s3, String prefix) implements Holding {
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,62}");
    private static final String BESIDE = "withstack-restoring-";
    private static final List<String> KEPT = List.of(
            "content-type", "content-encoding", "content-language", "content-disposition", "cache-control", "expires");
    private static final String META = "x-amz-meta-";
    private static final String LENGTH = "content-length";

    @Override
    public String kind() {
        return "objects";
    }

    @Override
    public void save(Box box) throws IOException, InterruptedException {
        box.add("objects", "s3", out -> {
            Map<String, Long> counts = new LinkedHashMap<>();
            for (String bucket : meant()) {
                ObjectsFile.writeBucket(out, bucket);
                long[] count = {0};
                s3.each(prefix + bucket, key -> count[0] += save(bucket, key, out));
                counts.put(bucket, count[0]);
            }
            ObjectsFile.writeEnd(out);
            return counts;
        });
    }

    /** Return the names of the buckets without the prefix. */
    private List<String> meant() throws IOException {
        return s3.buckets().stream()
                .filter(bucket -> bucket.startsWith(prefix) && !bucket.startsWith(prefix + BESIDE))
                .map(bucket -> bucket.substring(prefix.length()))
                .toList();
    }

    /** Return 1, or 0 if it was removed since it was listed. */
    private int save(String bucket, String key, OutputStream out) throws IOException {
        Optional<HttpCall.Opened> found = s3.open(prefix + bucket, key);
        if (found.isEmpty()) {
            return 0;
        }
        try (HttpCall.Opened object = found.get()) {
            long length = Long.parseLong(object.headers().getOrDefault(LENGTH, "-1"));
            if (length < 0) {
                throw new IOException("the server does not say how long " + key + " of " + bucket + " is");
            }
            ObjectsFile.writeObject(out, bucket, key, length, kept(object.headers()));
            long written = Transfer.all(object.body(), out);
            if (written != length) {
                throw new IOException(key + " of " + bucket + " ended after " + written + " of " + length + " bytes");
            }
        }
        return 1;
    }

    /** Return those of an object's headers that are its own, and not of the answer. */
    static Map<String, String> kept(Map<String, String> headers) {
        Map<String, String> kept = new LinkedHashMap<>(headers);
        kept.keySet().removeIf(name -> !KEPT.contains(name) && !name.startsWith(META));
        return kept;
    }

    @Override
    public Replacement prepare(Contents contents) throws IOException, InterruptedException {
        Beside beside = new Beside();
        beside.discard();
        try {
            for (Manifest.Piece piece : contents.part().pieces()) {
                beside.take(contents, piece);
                beside.prove(piece.counts());
            }
            return beside;
        } catch (IOException | RuntimeException e) {
            try {
                beside.discard();
            } catch (IOException | RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** The buckets that stand beside those in use, by the name without the prefix of the bucket that they are for. */
    private final class Beside implements Replacement {
        private final Map<String, String> byBucket = new LinkedHashMap<>();

        void take(Contents contents, Manifest.Piece piece) throws IOException {
            try (Lanes lanes = new Lanes();
                    InputStream file = contents.open(piece)) {
                ObjectsFile.read(file, new ObjectsFile.Taker() {
                    @Override
                    public void bucket(String name) throws IOException {
                        begin(name);
                    }

                    @Override
                    public void object(String bucket, String key, Map<String, String> headers, long at, long length)
                            throws IOException {
                        String beside = Optional.ofNullable(byBucket.get(bucket))
                                .orElseThrow(
                                        () -> new IOException("the bucket of " + key + " is not among the buckets"));
                        lanes.run(() -> {
                            try (InputStream content = ObjectsFile.content(contents.open(piece), at, length)) {
                                s3.put(beside, key, headers, content, length);
                            }
                        });
                    }
                });
            }
        }

        private void begin(String bucket) throws IOException {
            if (!BUCKET.matcher(prefix + bucket).matches()) {
                throw new IOException("'" + prefix + bucket + "' is no name of a bucket");
            }
            String name = prefix + BESIDE + (byBucket.size() + 1);
            s3.make("", List.of(name));
            byBucket.put(bucket, name);
        }

        void prove(Map<String, Long> counts) throws IOException {
            Map<String, Long> found = new LinkedHashMap<>();
            for (Map.Entry<String, String> entry : byBucket.entrySet()) {
                long[] count = {0};
                s3.each(entry.getValue(), key -> count[0]++);
                found.put(entry.getKey(), count[0]);
            }
            if (!found.equals(counts)) {
                throw new IOException("not as many objects arrived as were saved: " + found + " of " + counts);
            }
        }

        /** What was there is taken away last. */
        @Override
        public void putInPlace() throws IOException {
            for (Map.Entry<String, String> entry : byBucket.entrySet()) {
                String bucket = prefix + entry.getKey();
                s3.make("", List.of(bucket));
                try (Lanes lanes = new Lanes()) {
                    s3.each(entry.getValue(), key -> lanes.run(() -> s3.copy(entry.getValue(), key, bucket)));
                }
                Queue<String> old = new ConcurrentLinkedQueue<>();
                try (Lanes lanes = new Lanes()) {
                    s3.each(
                            bucket,
                            key -> lanes.run(() -> {
                                if (!s3.exists(entry.getValue(), key)) {
                                    old.add(key);
                                }
                            }));
                }
                for (String key : old) {
                    s3.remove(bucket, key);
                }
            }
            for (String bucket : meant()) {
                if (!byBucket.containsKey(bucket)) {
                    s3.dropBucket(prefix + bucket);
                }
            }
            discard();
        }

        @Override
        public void discard() throws IOException {
            s3.drop(prefix + BESIDE);
        }
    }
}
