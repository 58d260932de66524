package dev.withstack.launcher.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.ComposeProject;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.FreePorts;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Compose file that was not written for us, on the engine: as Docker Compose runs it, with our plan and our diagnosis. */
class ComposeFileIT {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String COUNT = "SELECT count(*) FROM flowers";

    /** A server with data, a job that fills it, a page that waits for the job, and a service without any health check. */
    private static final String FILE =
            """
            services:
              db:
                image: ${DB_IMAGE:-postgres:16-alpine}
                environment:
                  POSTGRES_USER: garden
                  POSTGRES_PASSWORD: ${DB_PASSWORD:?the password of the database}
                volumes:
                  - data:/var/lib/postgresql/data
                healthcheck:
                  test: ["CMD-SHELL", "pg_isready -h 127.0.0.1 -U $$POSTGRES_USER"]
                  interval: 2s
                  retries: 60
                networks: [back]
              seed_data:
                image: ${DB_IMAGE:-postgres:16-alpine}
                entrypoint: ["psql", "-h", "db", "-U", "garden", "-v", "ON_ERROR_STOP=1"]
                command: -c "CREATE TABLE IF NOT EXISTS flowers AS SELECT 'rose' AS name UNION SELECT 'tulip'"
                environment:
                  PGPASSWORD: ${DB_PASSWORD}
                depends_on:
                  db: {condition: service_healthy}
                networks: [back]
              web:
                image: ${WEB_IMAGE:-nginx:1.27-alpine}
                ports:
                  - "127.0.0.1:${WEB_PORT}:80"
                volumes:
                  - ./pages:/usr/share/nginx/html:ro
                configs:
                  - source: motto
                    target: /usr/share/motto.txt
                depends_on:
                  seed_data: {condition: service_completed_successfully}
                networks: [front, back]
              cache:
                image: ${CACHE_IMAGE:-redis:7-alpine}
                command: redis-server --requirepass ${DB_PASSWORD}
                profiles: [extras]
                networks: [back]
            volumes:
              data:
            networks:
              front:
              back:
            configs:
              motto:
                content: "grown in ${WHERE:-a garden}"
            """;

    @RegisterExtension
    final Launcher launcher = Launcher.create();

    private Path file = Path.of("");
    private int port;

    @BeforeEach
    void write() throws IOException {
        Path garden = Files.createDirectories(launcher.project().resolve("garden"));
        file = Files.writeString(garden.resolve("docker-compose.yml"), FILE);
        Files.writeString(
                Files.createDirectories(garden.resolve("pages")).resolve("index.html"), "flowers, all of them\n");
        port = FreePorts.inARow(1);
        Files.write(garden.resolve(".env"), List.of("DB_PASSWORD=a-word-of-its-own", "WEB_PORT=" + port));
    }

    @AfterEach
    void takeDown() throws InterruptedException {
        launcher.run("down", "--file", file.toString(), "--env", "dev", "--volumes", "--yes");
    }

    @Test
    @Row("compose.same")
    void fileWhenBroughtUpByUsAndByComposeAnswersTheSame() throws Exception {
        Run plan = launcher.run("plan", "--file", file.toString());
        assertThat(plan.exitCode()).as(plan.toString()).isZero();
        assertThat(plan.out())
                .contains("note: 'web' has no health check: it counts as ready when port 80 answers.")
                .doesNotContain("cache");

        Run up = launcher.run("dev", "--file", file.toString());

        assertThat(up.exitCode()).as(up.toString()).isZero();
        assertThat(up.out()).doesNotContain("a-word-of-its-own");
        String prefix = "garden" + launcher.prefix("dev").substring("frostbyte".length()) + "-";
        String ours = page();
        assertThat(launcher.run("exec", "--file", file.toString(), "db", "psql", "-tA", "-U", "garden", "-c", COUNT)
                        .out())
                .isEqualTo("2\n");
        assertThat(Docker.run("exec", prefix + "web", "cat", "/usr/share/motto.txt"))
                .contains("grown in a garden");
        Run status = launcher.run("status", "--file", file.toString());
        assertThat(status.exitCode()).as(status.toString()).isZero();
        assertThat(status.out()).contains("completed", "no health check: ready by port 80");
        assertThat(launcher.run("dev", "--file", file.toString()).out()).contains("nothing to change");
        String db = Docker.inspect(prefix + "db").text("Image");
        String web = Docker.inspect(prefix + "web").text("Image");
        assertThat(launcher.run("down", "--file", file.toString()).exitCode()).isZero();

        Files.write(
                file.resolveSibling(".env"),
                List.of("DB_PASSWORD=a-word-of-its-own", "WEB_PORT=" + port, "DB_IMAGE=" + db, "WEB_IMAGE=" + web));
        try (ComposeProject compose = ComposeProject.up(file.getParent())) {
            assertThat(page()).isEqualTo(ours);
            assertThat(compose.run("exec", "-T", "db", "psql", "-tA", "-U", "garden", "-c", COUNT))
                    .isEqualTo("2\n");
        }
    }

    @Test
    @Row("compose.overrides")
    void filesWhenOneOverridesTheOtherAreRunTogetherWithTheProfilesAskedFor() throws Exception {
        Path override = Files.writeString(
                file.resolveSibling("override.yml"),
                """
                services:
                  cache:
                    labels: {garden: override}
                    command: redis-server --requirepass another
                """);
        String[] both = {"--file", file.toString(), "--file", override.toString(), "--profile", "extras"};

        Run up = launcher.run("dev", both[0], both[1], both[2], both[3], both[4], both[5], "cache");

        assertThat(up.exitCode()).as(up.toString()).isZero();
        String cache = "garden" + launcher.prefix("dev").substring("frostbyte".length()) + "-cache";
        assertThat(Docker.run("inspect", "--format", "{{index .Config.Labels \"garden\"}}", cache))
                .contains("override");
        assertThat(launcher.run("logs", both[0], both[1], both[2], both[3], both[4], both[5], "cache")
                        .exitCode())
                .isZero();
    }

    @Test
    @Row("compose.same")
    void fileWhenItSaysHowVolumesAndImagesAreMadeHasThemSoAndIsReadyWhenTheImageSaysIt() throws Exception {
        Files.writeString(
                file,
                """
                services:
                  data:
                    build:
                      context: .
                      dockerfile_inline: |
                        FROM redis:7-alpine
                        HEALTHCHECK --interval=1s --start-period=60s CMD test -f /tmp/filled
                        ENTRYPOINT []
                        CMD ["sh", "-c", "sleep 2; touch /tmp/filled; exec sleep 1000"]
                    volumes: ["kept:/kept"]
                    stop_grace_period: 0s
                  reader:
                    image: redis:7-alpine
                    volumes_from: ["data:ro"]
                    depends_on: {data: {condition: service_healthy}}
                  models:
                    image: redis:7-alpine
                    gpus: all
                    profiles: [gpu]
                volumes:
                  kept:
                    driver: local
                    driver_opts: {type: none, o: bind, device: ./pages}
                """);

        Run up = launcher.run("dev", "--file", file.toString());

        assertThat(up.exitCode()).as(up.toString()).isZero();
        assertThat(up.out()).contains("'data' has no health check: it is asked by that of its image.");
        String prefix = "garden" + launcher.prefix("dev").substring("frostbyte".length()) + "-";
        assertThat(Docker.run("exec", prefix + "data", "ls", "/tmp/filled")).isEqualTo("/tmp/filled");
        assertThat(Docker.run("exec", prefix + "reader", "cat", "/kept/index.html"))
                .isEqualTo("flowers, all of them");
        assertThat(Docker.run("exec", prefix + "reader", "sh", "-c", "touch /kept/more || echo refused"))
                .contains("refused");
        assertThat(launcher.run("dev", "--file", file.toString()).out()).contains("nothing to change");
        assertThat(launcher.run("status", "--file", file.toString()).out())
                .contains("healthy")
                .doesNotContain("no health check");

        assumeThat(Path.of("/dev/nvidia0"))
                .as("a driver of GPUs here would take the request")
                .doesNotExist();
        Run models = launcher.run("dev", "--file", file.toString(), "models");
        assertThat(models.exitCode()).as(models.toString()).isEqualTo(5);
        assertThat(models.toString()).contains("could not select device driver");
    }

    @Test
    @Row("compose.refused")
    void fileWhenItWantsWhatWeDoNotIsRefusedWithEveryPlace() throws Exception {
        Files.writeString(
                file,
                """
                services:
                  media:
                    image: media
                    cgroup: host
                    external_links: [other]
                    portz: ["80"]
                """);

        Run up = launcher.run("dev", "--file", file.toString());

        assertThat(up.exitCode()).as(up.toString()).isEqualTo(4);
        assertThat(up.err())
                .contains(
                        "docker-compose.yml:4:5: 'cgroup' is not supported",
                        "docker-compose.yml:5:5: 'external_links' is not supported",
                        "docker-compose.yml:6:5: 'portz' is no key of a service. Did you mean 'ports'?");
    }

    private String page() {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .build();
        HttpResponse<String> answer = await().atMost(SOON)
                .ignoreExceptions()
                .until(
                        () -> client.send(request, HttpResponse.BodyHandlers.ofString()),
                        page -> page.statusCode() == 200);
        return answer.body();
    }
}
