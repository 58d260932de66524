package dev.withstack.launcher.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.withstack.core.engine.SecondEngine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A swarm of one node, on an engine of its own. Its kernel may have no IP_VS, without which a swarm has neither virtual
 * addresses nor ports on every node: a second file laid over the export does without, as docs/beyond-one-machine.md says.
 */
final class Swarm implements AutoCloseable {
    private static final Duration SOON = Duration.ofMinutes(4);

    private final SecondEngine engine;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String key;

    private Swarm(SecondEngine engine, String key) {
        this.engine = engine;
        this.key = key;
    }

    /**
     * Make one; without what it needs, leave the test out.
     *
     * @param key that requests show
     */
    static Swarm make(String key) throws IOException, InterruptedException {
        SecondEngine engine = SecondEngine.open();
        engine.run("swarm", "init", "--advertise-addr", engine.host().address());
        return new Swarm(engine, key);
    }

    /** Give it images that the shared engine has, under the names that the export has them by. */
    void take(Map<String, String> byName) throws IOException, InterruptedException {
        engine.take(byName.values().stream().distinct().toArray(String[]::new));
        for (Map.Entry<String, String> image : byName.entrySet()) {
            engine.run("tag", image.getValue(), image.getKey());
        }
    }

    /** Deploy an export as it tells to, and wait until all its tasks run and are healthy. */
    void deploy(Path export, String said, String name, Map<String, Integer> ports) throws Exception {
        Files.writeString(export.resolve("without-ipvs.yaml"), withoutIpvs(export, ports));
        String command = said.substring(said.lastIndexOf("(cd "))
                .strip()
                .replace("--compose-file stack.yaml", "--compose-file stack.yaml --compose-file without-ipvs.yaml")
                .replace(" NAME)", " " + name + ")");
        ProcessBuilder shell = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true);
        shell.environment().putAll(engine.environment());
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command + "\n" + output).isZero();
        awaitConverged(name);
    }

    /** Services are found by their tasks' addresses, and ports are those of the node that the task is on. */
    private static String withoutIpvs(Path export, Map<String, Integer> ports) throws IOException {
        Map<?, ?> stack = (Map<?, ?>)
                new Load(LoadSettings.builder().build()).loadFromString(Files.readString(export.resolve("stack.yaml")));
        Map<String, Object> services = new LinkedHashMap<>();
        for (Object service : ((Map<?, ?>) stack.get("services")).keySet()) {
            Map<String, Object> deploy = new LinkedHashMap<>(Map.of("endpoint_mode", "dnsrr"));
            Map<String, Object> over = new LinkedHashMap<>(Map.of("deploy", deploy));
            Integer port = ports.get(service.toString());
            if (port != null) {
                // one task of a service has the node's port, and gives it up to the next
                deploy.put("replicas", 1);
                deploy.put("update_config", Map.of("order", "stop-first"));
                over.put("ports", List.of(Map.of("target", port, "published", port, "mode", "host")));
            }
            services.put(service.toString(), over);
        }
        return JSON.std.asString(Map.of("version", "3.9", "services", services));
    }

    void awaitConverged(String name) {
        await().atMost(SOON).pollInSameThread().untilAsserted(() -> {
            String tasks = engine.run("stack", "ps", "--no-trunc", name);
            assertThat(replicas(name)).as(tasks).allSatisfy((service, replicas) -> {
                String[] parts = replicas.split("[/ ]");
                assertThat(parts[0]).as(service).isEqualTo(parts[1]);
            });
        });
    }

    /** Return how many tasks of each service run, of how many: {@code 2/2}. */
    Map<String, String> replicas(String name) throws IOException, InterruptedException {
        Map<String, String> replicas = new LinkedHashMap<>();
        for (String line : engine.run(
                        "service",
                        "ls",
                        "--filter",
                        "label=com.docker.stack.namespace=" + name,
                        "--format",
                        "{{.Name}} {{.Replicas}}")
                .lines()
                .toList()) {
            String[] words = line.split(" ", 2);
            replicas.put(words[0], words[1]);
        }
        assertThat(replicas).isNotEmpty();
        return replicas;
    }

    private HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://" + engine.host().address() + ":" + port + path))
                .header("X-API-Key", key)
                .timeout(Duration.ofSeconds(20));
    }

    /** Wait until a page says what is wanted. */
    void awaitPage(int port, String path, String wanted) {
        await().atMost(SOON)
                .ignoreExceptions()
                .until(
                        () -> http.send(request(port, path).build(), HttpResponse.BodyHandlers.ofString())
                                .body(),
                        body -> body.contains(wanted));
    }

    void post(int port, String path, String json) throws IOException, InterruptedException {
        HttpRequest request = request(port, path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    String run(String... arguments) throws IOException, InterruptedException {
        return engine.run(arguments);
    }

    /** Return the variables of each running container of a service. */
    List<String> environments(String service) throws IOException, InterruptedException {
        List<String> environments = new ArrayList<>();
        for (String container : engine.run(
                        "ps", "--quiet", "--filter", "label=com.docker.swarm.service.name=" + service)
                .lines()
                .toList()) {
            environments.add(engine.run("inspect", "--format", "{{.Config.Env}}", container));
        }
        return environments;
    }

    void remove(String name) throws IOException, InterruptedException {
        engine.run("stack", "rm", name);
        await().atMost(SOON).pollInSameThread().until(() -> engine.run("ps", "--all", "--quiet")
                .isEmpty());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        engine.run("swarm", "leave", "--force");
        engine.close();
    }
}
