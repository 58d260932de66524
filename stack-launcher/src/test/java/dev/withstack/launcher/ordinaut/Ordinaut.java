package dev.withstack.launcher.ordinaut;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.SharedStack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A running Ordinaut, asked through its API and its servers. */
record Ordinaut(int apiPort, String prefix, String database) {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Whatever is waited for takes no longer, however much else the machine has to do. */
    static final Duration SOON = Duration.ofMinutes(4);

    /** Return the stack that the classes of this package share: all services, with a short lease. */
    static SharedStack shared() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("POSTGRES_PORT", 5432);
        ports.put("REDIS_PORT", 6379);
        ports.put("API_PORT", 8080);
        return SharedStack.of("ordinaut", ports)
                .with("WORKER_LEASE_SECONDS", "6")
                .inCopyOfSample();
    }

    static Ordinaut of(SharedStack stack) {
        return new Ordinaut(stack.port("API_PORT"), stack.launcher().prefix("dev"), "orchestrator_dev");
    }

    String container(String service) {
        return prefix + "-" + service;
    }

    /** Add a task; return its id. */
    String add(String json) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request("/tasks")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
        if (answer.statusCode() != 201) {
            throw new AssertionError("POST /tasks: " + answer.statusCode() + " " + answer.body());
        }
        return String.valueOf(JSON.std.mapFrom(answer.body()).get("id"));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + apiPort + path))
                .timeout(Duration.ofSeconds(60));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Return what psql prints for the statement. */
    String sql(String statement) {
        return Docker.run(
                "exec", container("postgres"), "psql", "-U", "orchestrator", "-d", database, "-Atc", statement);
    }

    long count(String statement) {
        return Long.parseLong(sql(statement));
    }

    String redis(String... command) {
        String[] words = new String[command.length + 3];
        words[0] = "exec";
        words[1] = container("redis");
        words[2] = "redis-cli";
        System.arraycopy(command, 0, words, 3, command.length);
        return Docker.run(words);
    }

    /** Run a line of shell inside a service's container and return what it says, whether or not it goes well. */
    String inside(String service, String line) {
        return Docker.run("exec", container(service), "sh", "-c", line + " 2>&1 || true");
    }
}
