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
                String path = "/collections/" + URLEncoder.encode(name, StandardCharsets.UTF_8);
                HttpCall.send("DELETE", server, path, Map.of()).expectSuccess("DELETE " + path);
            }
        }
    }

    private List<String> names() throws IOException {
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
}
