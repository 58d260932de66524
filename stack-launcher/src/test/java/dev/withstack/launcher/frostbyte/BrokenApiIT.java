package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A user's own pipeline with mistakes in it: how {@code start} fails, and what {@code check} makes of it. */
class BrokenApiIT {
    @RegisterExtension
    final Launcher launcher = Launcher.create();

    @Test
    @Row("frostbyte.check-api-down")
    @Row("trouble.never-listens")
    @Row("common.built-from-project")
    void checkWhenTheApiIsUpAndCanNotBeReachedSaysThatAndThenOfABrokenStream() throws Exception {
        Ports.free().use(launcher);
        copySample(launcher.project());
        Path dockerfile = launcher.project().resolve("pipeline/Dockerfile");
        replace(dockerfile, "\"--host\", \"0.0.0.0\"", "\"--host\", \"127.0.0.1\"");

        // the servers first, however long they take here: the patience below is meant for the API
        Run servers = launcher.run("dev", "frostbyte");
        assertThat(servers.exitCode()).as(servers.toString()).isZero();
        Run failed = launcher.run("start", "frostbyte", "pipeline-api", "--keep", "--timeout", "6s");

        assertThat(failed.exitCode()).as(failed.toString()).isEqualTo(6);
        assertThat(failed.err()).contains("pipeline-api").contains("connection refused");
        Run check = launcher.run("check", "frostbyte", "--output", "json");
        assertThat(check.exitCode()).as(check.toString()).isEqualTo(8);
        assertThat(CheckIT.finding(check, "pipeline-api").get("text").toString())
                .contains("is up but unreachable from this host");
        assertThat(CheckIT.finding(check, "admin-dashboard").get("text").toString())
                .contains("packages/admin-dashboard/Dockerfile', which does not exist");

        Map<String, String> before = Docker.running(launcher.prefix("dev"));
        replace(dockerfile, "\"--host\", \"127.0.0.1\"", "\"--host\", \"0.0.0.0\"");
        replace(
                launcher.project().resolve("pipeline/pipeline/main.py"),
                "\"/api/v1/pipeline/stream\"",
                "\"/api/v1/pipeline/renamed\"");
        Run mended = launcher.run("start", "frostbyte", "pipeline-api");
        assertThat(mended.exitCode()).as(mended.toString()).isZero();
        Map<String, String> after = Docker.running(launcher.prefix("dev"));
        assertThat(after.get("pipeline-api")).isNotEqualTo(before.get("pipeline-api"));
        assertThat(after).containsEntry("redis", before.get("redis")).containsEntry("postgres", before.get("postgres"));

        Run stream = launcher.run("check", "frostbyte", "--output", "json");
        assertThat(stream.exitCode()).as(stream.toString()).isEqualTo(8);
        assertThat(CheckIT.finding(stream, "pipeline-api").get("text").toString())
                .contains("its stream gives no events", "404");
    }

    static void copySample(Path project) throws IOException {
        Path sample = Launcher.samples().resolve("frostbyte");
        try (Stream<Path> files = Files.walk(sample.resolve("pipeline"))) {
            for (Path file : files.toList()) {
                Path copy = project.resolve(sample.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    private static void replace(Path file, String old, String other) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(old);
        Files.writeString(file, text.replace(old, other));
    }
}
