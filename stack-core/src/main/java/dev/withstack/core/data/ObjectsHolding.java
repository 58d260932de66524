package dev.withstack.core.data;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final int LONGEST_LINE = 64 * 1024;

    @Override
    public String kind() {
        return "objects";
    }

    @Override
    public void save(Box box) throws IOException, InterruptedException {
        box.add("objects", "s3", out -> {
            Map<String, Long> counts = new LinkedHashMap<>();
            for (String bucket : meant()) {
                line(out, "bucket " + bucket);
                line(out, "");
                long[] count = {0};
                s3.each(prefix + bucket, key -> count[0] += save(bucket, key, out));
                counts.put(bucket, count[0]);
            }
            line(out, "end");
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
            line(out, "object " + bucket + " " + S3.encodedPath(key));
            line(out, LENGTH + ": " + length);
            for (Map.Entry<String, String> header : kept(object.headers()).entrySet()) {
                line(out, header.getKey() + ": " + header.getValue());
            }
            line(out, "");
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

    private static void line(OutputStream out, String text) throws IOException {
        out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Replacement prepare(Contents contents) throws IOException, InterruptedException {
        Beside beside = new Beside();
        beside.discard();
        try {
            for (Manifest.Piece piece : contents.part().pieces()) {
                try (InputStream content = contents.open(piece)) {
                    beside.take(content);
                }
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

        void take(InputStream content) throws IOException {
            for (String first = readLine(content); !first.equals("end"); first = readLine(content)) {
                String[] words = first.split(" ", 3);
                Map<String, String> headers = headers(content);
                if (words[0].equals("bucket") && words.length == 2) {
                    begin(words[1]);
                } else if (words[0].equals("object") && words.length == 3) {
                    put(words[1], URLDecoder.decode(words[2], StandardCharsets.UTF_8), headers, content);
                } else {
                    throw new IOException("'" + first + "' is neither a bucket nor an object");
                }
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

        private void put(String bucket, String key, Map<String, String> headers, InputStream content)
                throws IOException {
            String beside = Optional.ofNullable(byBucket.get(bucket))
                    .orElseThrow(() -> new IOException("the bucket of " + key + " is not among the buckets"));
            Map<String, String> kept = new LinkedHashMap<>(headers);
            long length = Long.parseLong(String.valueOf(kept.remove(LENGTH)));
            s3.put(beside, key, kept, new Limited(content, length), length);
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
                s3.each(entry.getValue(), key -> s3.copy(entry.getValue(), key, bucket));
                List<String> old = new ArrayList<>();
                s3.each(bucket, key -> {
                    if (!s3.exists(entry.getValue(), key)) {
                        old.add(key);
                    }
                });
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

    private static Map<String, String> headers(InputStream content) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = readLine(content); !line.isEmpty(); line = readLine(content)) {
            int colon = line.indexOf(": ");
            if (colon < 0) {
                throw new IOException("'" + line + "' says nothing of an object");
            }
            headers.put(line.substring(0, colon), line.substring(colon + 2));
        }
        return headers;
    }

    private static String readLine(InputStream content) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int one = content.read(); one != '\n'; one = content.read()) {
            if (one < 0 || line.size() > LONGEST_LINE) {
                throw new EOFException("the objects end in the middle");
            }
            line.write(one);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Ends after so many bytes. */
    private static final class Limited extends InputStream {
        private final InputStream source;
        private long left;

        Limited(InputStream source, long left) {
            this.source = source;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = source.read(target, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the objects end in the middle");
            }
            left -= count;
            return count;
        }
    }
}
