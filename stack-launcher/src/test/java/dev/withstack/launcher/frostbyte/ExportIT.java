package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.ComposeProject;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Frostbyte written for Docker Compose, and brought up by it: it answers as ours does. */
class ExportIT {
    private static final List<String> SIX =
            List.of("redis", "postgres", "minio", "qdrant", "pipeline-api", "admin-dashboard");

    @RegisterExtension
    static final WholeStack stack = new WholeStack();

    @RegisterExtension
    final Launcher launcher = Launcher.create();

    @Test
    @Row("export.compose")
    void composeWhenExportedBringsUpTheSameStack() throws Exception {
        Path target = launcher.project().resolve("exported");
        Ports ports = Ports.free();
        ports.use(launcher);
        // no registry is needed for images that the running stack has
        SIX.forEach(service -> launcher.environment(
                service.replace('-', '_').toUpperCase(java.util.Locale.ROOT) + "_IMAGE",
                Docker.inspect(stack.container(service)).text("Image")));
        launcher.in(Launcher.samples().resolve("frostbyte"));

        Run export = launcher.run("export", "compose", "frostbyte", "--out", target.toString());

        assertThat(export.exitCode()).as(export.toString()).isZero();
        assertThat(export.out())
                .contains("Wrote " + target.resolve("compose.yaml"))
                .contains("waits until 'qdrant' is started, not until it is healthy");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve(".env"))))
                .isEqualTo("rw-------");
        try (ComposeProject compose = ComposeProject.up(target)) {
            assertThat(compose.run("ps", "--services").lines()).containsExactlyInAnyOrderElementsOf(SIX);
            Api api = new Api(ports.api(), "");
            await().atMost(Duration.ofMinutes(2))
                    .ignoreExceptions()
                    .until(() -> api.get("/health").statusCode() == 200);
            api.post("moved.txt", "a stack that moved to another engine");
            await().atMost(Duration.ofMinutes(2)).ignoreExceptions().untilAsserted(() -> assertThat(
                            api.search("a stack that moved"))
                    .containsKey("moved.txt"));
        }
    }

    @Test
    @Row("export.kept")
    void exportWhenTheTargetHoldsSomebodysOwnFileTouchesNothing() throws Exception {
        Path target = Files.createDirectories(launcher.project().resolve("mine"));
        Files.writeString(target.resolve("compose.yaml"), "services: {}\n");

        Run export = launcher.run("export", "compose", "frostbyte", "--out", target.toString());

        assertThat(export.exitCode()).as(export.toString()).isEqualTo(2);
        assertThat(export.err()).contains("was not written by this export").contains("--out");
        assertThat(target.resolve("compose.yaml")).hasContent("services: {}\n");
        assertThat(target.resolve(".env")).doesNotExist();
    }

    @Test
    @Row("export.strict")
    void exportWhenNoLossIsTakenWritesNothingAndNamesThem() throws Exception {
        Path target = launcher.project().resolve("strict");

        Run export = launcher.run("export", "compose", "frostbyte", "--strict", "--out", target.toString());

        assertThat(export.exitCode()).as(export.toString()).isEqualTo(4);
        assertThat(export.out() + export.err()).contains("qdrant", "Nothing was written");
        assertThat(target).doesNotExist();
    }
}
