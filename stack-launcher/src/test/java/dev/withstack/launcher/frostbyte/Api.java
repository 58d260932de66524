package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Frostbyte's pipeline API, as its users call it. */
final class Api {
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(30))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final String base;
    private final String key;

    /** @param key what is sent as the key; empty for none */
    Api(int port, String key) {
        this.base = "http://127.0.0.1:" + port;
        this.key = key;
    }

    Map<String, Object> post(String name, String text) throws IOException, InterruptedException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", name);
        document.put("text", text);
        HttpResponse<byte[]> response = send(request("/api/v1/documents")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.std.asString(document))));
        assertThat(response.statusCode()).as(text(response)).isEqualTo(201);
        return JSON.std.mapFrom(text(response));
    }

    /** Search and return the names of the documents found, nearest first, each with its score. */
    Map<String, Double> search(String query) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = get("/api/v1/search?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        Map<String, Double> scores = new LinkedHashMap<>();
        for (Object each : (List<?>) JSON.std.mapFrom(text(response)).get("results")) {
            Map<?, ?> hit = (Map<?, ?>) each;
            scores.put(String.valueOf(hit.get("name")), ((Number) hit.get("score")).doubleValue());
        }
        return scores;
    }

    HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /** Follow the event stream. */
    EventStream stream() throws IOException, InterruptedException {
        return EventStream.open(URI.create(base + "/api/v1/pipeline/stream"));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofMinutes(2));
        return key.isEmpty() ? request : request.header("X-API-Key", key);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
