package dev.withstack.core.data;

import dev.withstack.core.model.HostAndPort;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    private static String path(String name) {
        return "/collections/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
