package dev.withstack.core.data;

import dev.withstack.core.model.HostAndPort;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server that speaks S3, as far as buckets are made and removed: an SDK would be a hundred times the size. */
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
                empty(bucket);
                send("DELETE", "/" + encoded(bucket), "").expectSuccess("Removing the bucket " + bucket);
            }
        }
    }

    private void empty(String bucket) throws IOException {
        List<String> keys = keys(bucket);
        List<String> before = List.of();
        while (!keys.isEmpty()) {
            if (keys.equals(before)) {
                throw new IOException("the server keeps what was removed from " + bucket + ", such as " + keys.get(0));
            }
            before = keys;
            for (String key : keys) {
                send("DELETE", "/" + encoded(bucket) + "/" + encodedPath(key), "")
                        .expectSuccess("Removing " + key + " from " + bucket);
            }
            keys = keys(bucket);
        }
    }

    private List<String> buckets() throws IOException {
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

    private static String encodedPath(String key) {
        return encoded(key).replace("%2F", "/");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
