package dev.withstack.core.data;

import dev.withstack.core.model.HostAndPort;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Qdrant server's collections, over its HTTP interface. */
final class Qdrant {
    private static final Pattern NAME = Pattern.compile("\"name\"\\s*:\\s*\"([^\"]+)\"");

    private final HostAndPort server;

    Qdrant(HostAndPort server) {
        this.server = server;
    }

    /** Remove the collections whose names begin so. */
    void drop(String prefix) throws IOException {
        for (String name : names()) {
            if (name.startsWith(prefix)) {
                change("DELETE", name, "", "");
            }
        }
    }

    List<String> names() throws IOException {
        String body = HttpCall.send("GET", server, "/collections", Map.of())
                .expectSuccess("GET /collections")
                .body();
        List<String> names = new ArrayList<>();
        Matcher matcher = NAME.matcher(body);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    /** Return what the server says of a collection: how its vectors are made, and which fields are indexed. */
    String describe(String name) throws IOException {
        String path = path(name);
        return JsonSlices.field(
                HttpCall.send("GET", server, path, Map.of())
                        .expectSuccess("GET " + path)
                        .body(),
                "result");
    }

    /** @param text as JSON, or empty */
    String change(String method, String name, String below, String text) throws IOException {
        String path = path(name) + below;
        HttpCall.Answer answer = text.isEmpty()
                ? HttpCall.send(method, server, path, Map.of())
                : HttpCall.json(method, server, path, text);
        return JsonSlices.field(answer.expectSuccess(method + " " + path).body(), "result");
    }

    long count(String name) throws IOException {
        String found = JsonSlices.field(change("POST", name, "/points/count", "{\"exact\":true}"), "count");
        return Long.parseLong(found);
    }

    /**
     * Let the server make a snapshot of the collection; empty if it knows no snapshots. Of a server that is one of several
     * each would have a part only, so that counts as none too. Whoever asked closes it.
     */
    Optional<Snapshot> makeSnapshot(String collection) throws IOException {
        if (isOneOfSeveral()) {
            return Optional.empty();
        }
        String path = path(collection) + "/snapshots";
        HttpCall.Answer answer = HttpCall.order("POST", server, path + "?wait=true");
        if (answer.status() == 404 || answer.status() == 405) {
            return Optional.empty();
        }
        String made = JsonSlices.field(answer.expectSuccess("POST " + path).body(), "result");
        String name = JsonSlices.field(made, "name");
        return Optional.of(new Snapshot(
                path + "/" + encoded(name.substring(1, name.length() - 1)),
                Long.parseLong(JsonSlices.field(made, "size"))));
    }

    private boolean isOneOfSeveral() throws IOException {
        HttpCall.Answer answer = HttpCall.send("GET", server, "/cluster", Map.of());
        return answer.isSuccess()
                && JsonSlices.fields(JsonSlices.fields(JsonSlices.field(answer.body(), "result"))
                                        .getOrDefault("peers", "{}"))
                                .size()
                        > 1;
    }

    /**
     * Make the collection what the snapshot says, in place of what it was.
     *
     * @param digest its SHA-256, by which servers from version 1.9 on see whether it has arrived whole
     */
    void recover(String collection, InputStream snapshot, long size, String digest) throws IOException {
        String path = path(collection) + "/snapshots/upload";
        HttpCall.upload(server, path + "?wait=true&priority=snapshot&checksum=" + digest, "snapshot", snapshot, size)
                .expectSuccess("POST " + path);
    }

    /** A snapshot that the server has made of a collection, and keeps until this is closed. */
    final class Snapshot implements Closeable {
        private final String path;
        private final long size;

        private Snapshot(String path, long size) {
            this.path = path;
            this.size = size;
        }

        void writeTo(OutputStream out) throws IOException {
            try (HttpCall.Opened opened = HttpCall.open(server, path, Map.of())) {
                if (opened.status() != 200) {
                    throw new IOException("GET " + path + " was answered with " + opened.status());
                }
                long written = Transfer.all(opened.body(), out);
                if (written != size) {
                    throw new IOException(
                            "the snapshot " + path + " ended after " + written + " of " + size + " bytes");
                }
            }
        }

        @Override
        public void close() throws IOException {
            HttpCall.order("DELETE", server, path + "?wait=true").expectSuccess("DELETE " + path);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String path(String name) {
        return "/collections/" + encoded(name);
    }
}
