package dev.withstack.launcher.ordinaut;

import static dev.withstack.launcher.ordinaut.Ordinaut.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.ComposeProject;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.FreePorts;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import dev.withstack.launcher.scenario.SharedStack;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ordinaut as a release, written for Docker Compose and brought up by it: replicas, an entry, hardening, generated files. */
class ExportIT {
    @RegisterExtension
    static final SharedStack stack = Ordinaut.shared();

    @RegisterExtension
    final Launcher launcher = Launcher.of("ordinaut");

    @Test
    @Row("export.compose")
    @Row("export.replicas")
    void composeWhenAReleaseIsExportedHasItsReplicasBehindOneAddress() throws Exception {
        Path target = launcher.project().resolve("exported");
        int port = FreePorts.inARow(1);
        launcher.environment("API_PORT", Integer.toString(port))
                .environment("POSTGRES_PASSWORD", "it's a $ecret \\ word");
        for (String service : new String[] {"postgres", "redis", "scheduler"}) {
            launcher.environment(service.toUpperCase(java.util.Locale.ROOT) + "_IMAGE", image(service));
        }
        launcher.environment("API_IMAGE", image("api-1")).environment("WORKER_IMAGE", image("worker-1"));
        launcher.in(stack.launcher().project());

        Run export = launcher.run("export", "compose", "ordinaut", "--env", "prod", "--out", target.toString());

        assertThat(export.exitCode()).as(export.toString()).isZero();
        assertThat(export.out()).doesNotContain("$ecret");
        // the image of the entry has no setting, and no registry is needed
        Path file = target.resolve("compose.yaml");
        Files.writeString(file, Files.readString(file).replace("nginx:1.27-alpine", image("api")));
        try (ComposeProject compose = ComposeProject.up(target)) {
            assertThat(compose.run("ps", "--services").lines()).contains("api", "api-1", "api-2", "worker-4");
            HttpClient client = HttpClient.newHttpClient();
            HttpRequest health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                    .build();
            await().atMost(SOON).ignoreExceptions().until(() -> client.send(
                            health, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .contains("healthy"));
        }
    }

    private static String image(String service) {
        return Docker.inspect(stack.container(service)).text("Image");
    }
}
