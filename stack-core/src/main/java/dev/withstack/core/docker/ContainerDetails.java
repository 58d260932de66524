package dev.withstack.core.docker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hold what the engine knows of one container.
 *
 * @param id the whole id
 * @param name the name, without the engine's leading slash
 * @param imageId the id of the image that it was made from
 * @param created when it was created
 * @param restarts how often the engine restarted it
 * @param state what it does, or how it ended
 * @param config what it was created with
 * @param host its limits and policies
 * @param mounts what is mounted in it
 * @param networks where it is connected
 * @param ports what it publishes now; nothing while it does not run
 * @param json everything, as the engine gave it
 */
public record ContainerDetails(
        String id,
        String name,
        String imageId,
        Instant created,
        int restarts,
        State state,
        Config config,
        HostConfig host,
        List<Mount> mounts,
        List<NetworkAttachment> networks,
        List<PublishedPort> ports,
        Map<String, Object> json) {

    /**
     * What the container does, or how it ended.
     *
     * @param state the engine's word for it
     * @param pid the process on the engine's host; 0 while it does not run
     * @param exitCode of the last run; 0 while it has not ended
     * @param oomKilled whether the last run was ended for want of memory
     * @param error why the engine could not start it; else empty
     * @param startedAt when it was last started
     * @param finishedAt when it last ended
     * @param health what its health check says
     * @param failingStreak how many health checks in a row failed
     * @param healthLog the last health checks, oldest first
     */
    public record State(
            ContainerState state,
            long pid,
            int exitCode,
            boolean oomKilled,
            String error,
            Optional<Instant> startedAt,
            Optional<Instant> finishedAt,
            ContainerHealth health,
            int failingStreak,
            List<HealthCheckRun> healthLog) {}

    /** One run of the health check. */
    public record HealthCheckRun(Optional<Instant> start, Optional<Instant> end, int exitCode, String output) {}

    /**
     * What the container was created with, the image's own settings included.
     *
     * @param image the image as it was asked for
     * @param environment {@code NAME=value}, in order
     */
    public record Config(
            String image,
            List<String> environment,
            Map<String, String> labels,
            List<String> entrypoint,
            List<String> command,
            String user,
            String workingDirectory,
            String hostname,
            List<String> exposedPorts,
            boolean terminal,
            String stopSignal,
            Optional<Duration> stopTimeout,
            Optional<HealthCommand> healthCheck) {}

    /**
     * Limits and policies of the container; a limit of 0 is none.
     *
     * @param restartPolicy {@code no}, {@code always}, {@code unless-stopped}, {@code on-failure}
     * @param restartLimit for {@code on-failure}; 0 is no limit
     */
    public record HostConfig(
            String restartPolicy,
            int restartLimit,
            String networkMode,
            long memoryBytes,
            long memoryReservationBytes,
            long nanoCpus,
            long pidsLimit,
            String logDriver) {}

    /**
     * One thing mounted in the container.
     *
     * @param type {@code volume}, {@code bind}, {@code tmpfs}
     * @param name the volume's name; empty for other types
     * @param source the path on the engine's host
     * @param target the path inside
     * @param access whether the container may write
     */
    public record Mount(String type, String name, String source, String target, Access access) {
        /** What the container may do with it. */
        public enum Access {
            READ_WRITE,
            READ_ONLY
        }
    }

    static ContainerDetails of(JsonObject json) {
        String name = json.text("Name");
        JsonObject network = json.object("NetworkSettings");
        return new ContainerDetails(
                json.text("Id"),
                name.startsWith("/") ? name.substring(1) : name,
                json.text("Image"),
                Rfc3339.instant(json.text("Created")).orElse(Instant.EPOCH),
                json.integer("RestartCount"),
                state(json.object("State")),
                config(json.object("Config")),
                host(json.object("HostConfig")),
                mounts(json.objects("Mounts")),
                NetworkAttachment.allIn(network),
                ports(network.object("Ports")),
                Collections.unmodifiableMap(json.fields()));
    }

    private static State state(JsonObject json) {
        JsonObject health = json.object("Health");
        List<HealthCheckRun> runs = new ArrayList<>();
        for (JsonObject run : health.objects("Log")) {
            runs.add(new HealthCheckRun(
                    Rfc3339.instant(run.text("Start")),
                    Rfc3339.instant(run.text("End")),
                    run.integer("ExitCode"),
                    run.text("Output")));
        }
        return new State(
                ContainerState.of(json.text("Status")),
                json.number("Pid"),
                json.integer("ExitCode"),
                json.flag("OOMKilled"),
                json.text("Error"),
                Rfc3339.instant(json.text("StartedAt")),
                Rfc3339.instant(json.text("FinishedAt")),
                ContainerHealth.of(health.text("Status")),
                health.integer("FailingStreak"),
                Collections.unmodifiableList(runs));
    }

    private static Config config(JsonObject json) {
        return new Config(
                json.text("Image"),
                json.texts("Env"),
                json.textMap("Labels"),
                json.texts("Entrypoint"),
                json.texts("Cmd"),
                json.text("User"),
                json.text("WorkingDir"),
                json.text("Hostname"),
                json.keys("ExposedPorts"),
                json.flag("Tty"),
                json.text("StopSignal"),
                json.has("StopTimeout")
                        ? Optional.of(Duration.ofSeconds(json.number("StopTimeout")))
                        : Optional.empty(),
                HealthCommand.of(json.object("Healthcheck")));
    }

    private static HostConfig host(JsonObject json) {
        JsonObject restart = json.object("RestartPolicy");
        return new HostConfig(
                restart.text("Name").isEmpty() ? "no" : restart.text("Name"),
                restart.integer("MaximumRetryCount"),
                json.text("NetworkMode"),
                json.number("Memory"),
                json.number("MemoryReservation"),
                json.number("NanoCpus"),
                json.number("PidsLimit"),
                json.object("LogConfig").text("Type"));
    }

    private static List<Mount> mounts(List<JsonObject> mounts) {
        List<Mount> all = new ArrayList<>();
        for (JsonObject mount : mounts) {
            all.add(new Mount(
                    mount.text("Type"),
                    mount.text("Name"),
                    mount.text("Source"),
                    mount.text("Destination"),
                    mount.flag("RW") ? Mount.Access.READ_WRITE : Mount.Access.READ_ONLY));
        }
        return Collections.unmodifiableList(all);
    }

    private static List<PublishedPort> ports(JsonObject ports) {
        List<PublishedPort> all = new ArrayList<>();
        for (String inside : ports.fields().keySet()) {
            int slash = inside.indexOf('/');
            int containerPort = Integer.parseInt(slash < 0 ? inside : inside.substring(0, slash));
            String protocol = slash < 0 ? "tcp" : inside.substring(slash + 1);
            for (JsonObject binding : ports.objects(inside)) {
                String hostPort = binding.text("HostPort");
                if (!hostPort.isEmpty()) {
                    all.add(new PublishedPort(
                            binding.text("HostIp"), Integer.parseInt(hostPort), containerPort, protocol));
                }
            }
        }
        return Collections.unmodifiableList(all);
    }
}
