package dev.withstack.launcher.biagent;

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
import java.util.Base64;
import java.util.Map;

/** A service's HTTP interface on this machine. */
record Http(int port, String authorization) {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    Http(int port) {
        this(port, "");
    }

    /** Log in with user and password. */
    Http basic(String user, String password) {
        byte[] login = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return new Http(port, "Basic " + Base64.getEncoder().encodeToString(login));
    }

    /** Send this token along. */
    Http bearer(String token) {
        return new Http(port, "Bearer " + token);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /** Return the JSON object that stands there. */
    Map<String, Object> json(String path) throws IOException, InterruptedException {
        return object(get(path), 200);
    }

    Map<String, Object> json(String path, String parameter, String value) throws IOException, InterruptedException {
        return json(path + "?" + parameter + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    Map<String, Object> post(String path, Map<String, ?> body, int status) throws IOException, InterruptedException {
        HttpRequest.BodyPublisher content = HttpRequest.BodyPublishers.ofString(JSON.std.asString(body));
        return object(
                send(request(path).header("Content-Type", "application/json").POST(content)), status);
    }

    Map<String, Object> put(String path, String type, String content) throws IOException, InterruptedException {
        HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString(content);
        return object(send(request(path).header("Content-Type", type).PUT(body)), 201);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(60));
        return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Map<String, Object> object(HttpResponse<String> response, int status) throws IOException {
        assertThat(response.statusCode())
                .as(response.request().method() + " " + response.uri() + ": " + response.body())
                .isEqualTo(status);
        return JSON.std.mapFrom(response.body());
    }
}
