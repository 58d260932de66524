package dev.withstack.core.docker;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hold what the engine knows of one image.
 *
 * @param tags its names: {@code redis:7-alpine}
 * @param digests its names in registries: {@code redis@sha256:...}; empty for an image that was built here
 * @param environment {@code NAME=value}, in order
 * @param exposedPorts {@code 6379/tcp}
 * @param volumes paths that get a volume of their own when nothing is mounted there
 * @param user whom it runs as; empty is root
 */
public record ImageDetails(
        String id,
        List<String> tags,
        List<String> digests,
        Map<String, String> labels,
        List<String> environment,
        List<String> entrypoint,
        List<String> command,
        List<String> exposedPorts,
        List<String> volumes,
        String user,
        String workingDirectory,
        String stopSignal,
        Optional<HealthCommand> healthCheck,
        String os,
        String architecture,
        long sizeBytes,
        Instant created) {

    static ImageDetails of(JsonObject json) {
        JsonObject config = json.object("Config");
        return new ImageDetails(
                json.text("Id"),
                json.texts("RepoTags"),
                json.texts("RepoDigests"),
                config.textMap("Labels"),
                config.texts("Env"),
                config.texts("Entrypoint"),
                config.texts("Cmd"),
                config.keys("ExposedPorts"),
                config.keys("Volumes"),
                config.text("User"),
                config.text("WorkingDir"),
                config.text("StopSignal"),
                HealthCommand.of(config.object("Healthcheck")),
                json.text("Os"),
                json.text("Architecture"),
                json.number("Size"),
                Rfc3339.instant(json.text("Created")).orElse(Instant.EPOCH));
    }
}
