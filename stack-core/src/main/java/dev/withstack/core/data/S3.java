package dev.withstack.core.data;

import dev.withstack.core.model.HostAndPort;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that speaks S3, as far as buckets and objects are made, read and removed: an SDK would be a hundred times the
 * size.
 */
final class S3 {
    private final HostAndPort server;
    private final S3Signature signature;
    private final Clock clock;

    S3(HostAndPort server, String user, String password, Clock clock) {
        this.server = server;
        this.signature = new S3Signature(server.toString(), user, password);
        this.clock = clock;
    }

    /**
     * Make the buckets that are missing.
     *
     * @return whether one was missing
     */
    boolean make(String prefix, List<String> names) throws IOException {
        List<String> there = buckets();
        boolean isNew = false;
        for (String name : names) {
            if (!there.contains(prefix + name)) {
                send("PUT", "/" + encoded(prefix + name), "").expectSuccess("Making the bucket " + prefix + name);
                isNew = true;
            }
        }
        return isNew;
    }

    /** Remove the buckets whose names begin so, with all that is in them. */
    void drop(String prefix) throws IOException {
        for (String bucket : buckets()) {
            if (bucket.startsWith(prefix)) {
                dropBucket(bucket);
            }
        }
    }

    /** Remove the bucket with all that is in it. */
    void dropBucket(String bucket) throws IOException {
        empty(bucket);
        send("DELETE", "/" + encoded(bucket), "").expectSuccess("Removing the bucket " + bucket);
    }

    private void empty(String bucket) throws IOException {
        List<String> keys = keys(bucket);
        List<String> before = List.of();
        while (!keys.isEmpty()) {
            if (keys.equals(before)) {
                throw new IOException("the server keeps what was removed from " + bucket + ", such as " + keys.get(0));
            }
            before = keys;
            try (Lanes lanes = new Lanes()) {
                for (String key : keys) {
                    lanes.run(() -> remove(bucket, key));
                }
            }
            keys = keys(bucket);
        }
    }

    /** Does something with each key. */
    interface EachKey {
        void take(String key) throws IOException;
    }

    /** Hand over every key of the bucket, page by page. */
    void each(String bucket, EachKey each) throws IOException {
        pages(bucket, page -> {
            for (String key : texts("Key", page)) {
                each.take(key);
            }
        });
    }

    private interface EachPage {
        void take(HttpCall.Answer page) throws IOException;
    }

    private void pages(String bucket, EachPage each) throws IOException {
        String next = "";
        do {
            // sorted by name, as the signature wants it
            String query = (next.isEmpty() ? "" : "continuation-token=" + encoded(next) + "&") + "list-type=2";
            HttpCall.Answer page = send("GET", "/" + encoded(bucket), query).expectSuccess("Listing " + bucket);
            each.take(page);
            next = texts("NextContinuationToken", page).stream().findFirst().orElse("");
        } while (!next.isEmpty());
    }

    /** Return the keys of the bucket, each with what changes whenever its object is written. */
    Map<String, String> versions(String bucket) throws IOException {
        Map<String, String> versions = new LinkedHashMap<>();
        pages(bucket, page -> {
            List<String> keys = texts("Key", page);
            List<String> digests = texts("ETag", page);
            List<String> moments = texts("LastModified", page);
            if (digests.size() != keys.size() || moments.size() != keys.size()) {
                throw new IOException("the server does not say of all objects of " + bucket + " which they are");
            }
            for (int i = 0; i < keys.size(); i++) {
                versions.put(keys.get(i), digests.get(i) + " " + moments.get(i));
            }
        });
        return versions;
    }

    /** Open an object; empty if it is not there any more. The caller closes it. */
    Optional<HttpCall.Opened> open(String bucket, String key) throws IOException {
        String path = path(bucket, key);
        HttpCall.Opened opened = HttpCall.open(server, path, signature.headers("GET", path, "", clock.instant()));
        if (opened.status() == 404) {
            opened.close();
            return Optional.empty();
        }
        if (opened.status() != 200) {
            opened.close();
            throw new IOException("Reading " + key + " of " + bucket + " was answered with " + opened.status());
        }
        return Optional.of(opened);
    }

    boolean exists(String bucket, String key) throws IOException {
        int status = send("HEAD", path(bucket, key), "").status();
        if (status != 200 && status != 404) {
            throw new IOException("Looking for " + key + " in " + bucket + " was answered with " + status);
        }
        return status == 200;
    }

    void put(String bucket, String key, Map<String, String> headers, InputStream body, long length) throws IOException {
        String path = path(bucket, key);
        Map<String, String> signed = signature.headers("PUT", path, "", S3Signature.UNSIGNED, headers, clock.instant());
        HttpCall.send("PUT", server, path, signed, body, length).expectSuccess("Writing " + key + " to " + bucket);
    }

    /** Copy an object within the server, with what is known of it. */
    void copy(String fromBucket, String key, String toBucket) throws IOException {
        String path = path(toBucket, key);
        Map<String, String> from = Map.of("x-amz-copy-source", path(fromBucket, key));
        HttpCall.send(
                        "PUT",
                        server,
                        path,
                        signature.headers("PUT", path, "", S3Signature.NOTHING, from, clock.instant()))
                .expectSuccess("Copying " + key + " to " + toBucket);
    }

    void remove(String bucket, String key) throws IOException {
        send("DELETE", path(bucket, key), "").expectSuccess("Removing " + key + " from " + bucket);
    }

    private static String path(String bucket, String key) {
        return "/" + encoded(bucket) + "/" + encodedPath(key);
    }

    List<String> buckets() throws IOException {
        return texts("Name", send("GET", "/", "").expectSuccess("Listing the buckets"));
    }

    /** Return some of the keys: as many as the server gives at once. */
    private List<String> keys(String bucket) throws IOException {
        return texts("Key", send("GET", "/" + encoded(bucket), "list-type=2").expectSuccess("Listing " + bucket));
    }

    private static List<String> texts(String element, HttpCall.Answer answer) {
        List<String> texts = new ArrayList<>();
        Matcher matcher =
                Pattern.compile("<" + element + ">([^<]*)</" + element + ">").matcher(answer.body());
        while (matcher.find()) {
            texts.add(unescaped(matcher.group(1)));
        }
        return texts;
    }

    private static String unescaped(String text) {
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&apos;", "'")
                .replace("&amp;", "&");
    }

    private HttpCall.Answer send(String method, String path, String query) throws IOException {
        return HttpCall.send(
                method,
                server,
                query.isEmpty() ? path : path + "?" + query,
                signature.headers(method, path, query, clock.instant()));
    }

    static String encodedPath(String key) {
        return encoded(key).replace("%2F", "/");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
