package dev.withstack.launcher.compose;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.ComposeProject;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.FreePorts;
import dev.withstack.launcher.scenario.ImagesAtHand;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import dev.withstack.launcher.scenario.Site;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** BI-Agent, the chatbot and Integrador written for Docker Compose, and brought up by it: they answer as ours do. */
class ExportedStacksIT {
    private static final Pattern PORT = Pattern.compile("\"127\\.0\\.0\\.1:([0-9]+):");

    /** By the ports of the documents, which somebody else on this machine may hold. */
    private final Map<Integer, Integer> ports = new LinkedHashMap<>();

    @RegisterExtension
    final Launcher launcher = Launcher.create();

    @Test
    @Row("export.compose")
    void biAgentWhenExportedWorksOffItsQueuesAndIsWatched() throws Exception {
        launcher.inCopyOfSample("bi-agent")
                // what the offline image is
                .environment("OTEL_COLLECTOR_IMAGE", "otel/opentelemetry-collector-contrib:0.152.0")
                .environment("OTEL_METRIC_EXPORT_INTERVAL", "1000");
        Path target = export("bi-agent");
        for (String service : List.of("analytics-service", "ml-service", "celery-service")) {
            Path logs =
                    Files.createDirectories(launcher.project().resolve(service).resolve("logs"));
            Files.setPosixFilePermissions(logs, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        try (ComposeProject compose = up(target)) {
            Site api = site(3000);
            api.await("/health", "\"healthy\"");
            Map<String, Object> sent = api.post("/api/v1/tasks", "{\"task\": \"train_model\"}");
            api.await("/api/v1/tasks/" + sent.get("id"), "\"SUCCESS\"");
            site(16686).await("/api/traces/" + sent.get("trace"), "ml-service");
            Site grafana = site(3002).with("Authorization", "Basic " + base64("admin:admin"));
            Object source = grafana.json("/api/datasources/name/Prometheus").get("uid");
            grafana.await("/api/datasources/proxy/uid/" + source + "/api/v1/query?query=up", "otel-collector");
            assertThat(compose.run("ps", "--services").lines()).contains("celery-beat", "web");
        }
    }

    @Test
    @Row("export.compose")
    void chatbotWhenExportedStandsOnItsBaseWithItsOwnData() throws Exception {
        launcher.inCopyOfSample("chatbot");
        Path target = export("chatbot");
        try (ComposeProject base = up(target.resolve("base"))) {
            base.run("exec", "--no-TTY", "postgres", "createdb", "--username=postgres", "dev_shia_chatbot");
            makeBuckets(target.resolve("base"));
            try (ComposeProject dev = up(target)) {
                Site app = site(8000);
                app.await("/health", "\"healthy\"");
                app.post("/api/v1/chat", "{\"message\": \"the word of dev\"}");
                assertThat(app.post("/api/v1/chat", "{\"message\": \"again the word of dev\"}"))
                        .containsEntry("reply", "That is like: the word of dev");
                app.put("/api/v1/files/note", "kept by dev");
                app.await("/api/v1/files/note", "kept by dev");
                Object task = app.post("/api/v1/tasks", "{\"text\": \"one word and one more\"}")
                        .get("task");
                app.await("/api/v1/tasks/" + task, "\"different\":4");
                site(5555).await("/api/tasks", String.valueOf(task));
                assertThat(dev.run("ps", "--services").lines())
                        .containsExactlyInAnyOrder("app", "celery-worker", "flower");
            }
        }
    }

    @Test
    @Row("export.compose")
    void integradorWhenExportedHasItsServersForTheProcessesOfTheHost() throws Exception {
        launcher.inCopyOfSample("integrador");
        Path target = export("integrador");
        try (ComposeProject compose = up(target)) {
            assertThat(compose.run("ps", "--services").lines()).containsExactlyInAnyOrder("db", "redis");
            assertThat(compose.run(
                            "exec",
                            "--no-TTY",
                            "db",
                            "psql",
                            "--username=postgres",
                            "--dbname=menu_ops",
                            "--quiet",
                            "--tuples-only",
                            "--command=SELECT '[3,4]'::vector <-> '[0,0]'::vector"))
                    .isEqualToIgnoringWhitespace("5");
            assertThat(compose.run("exec", "--no-TTY", "redis", "redis-cli", "ping"))
                    .contains("PONG");
        }
    }

    private Path export(String stack) throws InterruptedException {
        Path target = launcher.project().resolve("exported");
        Run build = launcher.run("build", stack);
        assertThat(build.exitCode()).as(build.toString()).isZero();
        Run export = launcher.run("export", "compose", stack, "--out", target.toString());
        assertThat(export.exitCode()).as(export.toString()).isZero();
        return target;
    }

    /** Bring up what was exported as it is, but on images that are here and on ports that are free. */
    private ComposeProject up(Path directory) throws IOException, InterruptedException {
        Map<?, ?> project = read(directory);
        Map<?, ?> services = (Map<?, ?>) project.get("services");
        Map<String, Object> images = new LinkedHashMap<>();
        for (Object name : services.keySet()) {
            String image = image(services, name, project.get("name").toString());
            images.put(name.toString(), Map.of("image", image));
        }
        Files.writeString(directory.resolve("compose.override.yaml"), JSON.std.asString(Map.of("services", images)));
        Path file = directory.resolve("compose.yaml");
        String moved = PORT.matcher(Files.readString(file))
                .replaceAll(found -> "\"127.0.0.1:" + port(Integer.parseInt(found.group(1))) + ":");
        Files.writeString(file, moved);
        return ComposeProject.up(directory);
    }

    /** Services that are built alike share what was built for one of them. */
    private static String image(Map<?, ?> services, Object name, String project) throws IOException {
        Map<?, ?> service = (Map<?, ?>) services.get(name);
        ImagesAtHand images = new ImagesAtHand();
        if (service.get("image") != null) {
            return images.find(service.get("image").toString(), "", "");
        }
        return services.entrySet().stream()
                .filter(other -> Objects.equals(service.get("build"), ((Map<?, ?>) other.getValue()).get("build")))
                .flatMap(other -> images.builtOf(project, other.getKey().toString()).stream())
                .findFirst()
                .orElseThrow(() -> new AssertionError("Nothing was built for '" + name + "'."));
    }

    private int port(int documented) {
        return ports.computeIfAbsent(documented, unused -> FreePorts.inARow(1));
    }

    private Site site(int documented) {
        return new Site("127.0.0.1", port(documented));
    }

    /** The export says that they have to be made. */
    private static void makeBuckets(Path base) throws IOException {
        Map<?, ?> network = (Map<?, ?>) ((Map<?, ?>) read(base).get("networks")).get("default");
        Docker.run(
                "run",
                "--rm",
                "--network",
                network.get("name").toString(),
                "--env",
                "MC_HOST_store=http://minioadmin:minioadmin@minio:9000",
                new ImagesAtHand().find("minio/mc", "", ""),
                "mb",
                "store/dev-documents",
                "store/dev-archive");
    }

    private static Map<?, ?> read(Path directory) throws IOException {
        String text = Files.readString(directory.resolve("compose.yaml"));
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
