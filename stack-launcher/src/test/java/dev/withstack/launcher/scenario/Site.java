package dev.withstack.launcher.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * What is published at a port of a host.
 *
 * @param header the name and the content of one that each request has
 */
public record Site(String host, int port, Map.Entry<String, String> header) {
    private static final Duration SOON = Duration.ofMinutes(4);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public Site(String host, int port) {
        this(host, port, Map.entry("Accept", "*/*"));
    }

    /** Show this with each request. */
    public Site with(String name, String content) {
        return new Site(host, port, Map.entry(name, content));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + path))
                .header(header.getKey(), header.getValue())
                .timeout(Duration.ofSeconds(20));
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Wait until a page says what is wanted. */
    public void await(String path, String wanted) {
        Awaitility.await().atMost(SOON).ignoreExceptions().untilAsserted(() -> assertThat(
                        send(request(path).build()).body())
                .contains(wanted));
    }

    /** Send JSON that is taken, or what it makes is; return the answer. */
    public Map<String, Object> post(String path, String json) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 202);
        return JSON.std.mapFrom(answer.body());
    }

    public void put(String path, String content) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(
                request(path).PUT(HttpRequest.BodyPublishers.ofString(content)).build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    public Map<String, Object> json(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request(path).build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.std.mapFrom(answer.body());
    }
}
