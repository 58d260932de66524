package dev.withstack.core.docker;

import java.util.List;

/**
 * Hold what the engine runs on.
 *
 * @param id of the engine, kept over restarts
 * @param name of its host
 * @param server its version: {@code 20.10.24}
 * @param os {@code Debian GNU/Linux 12 (bookworm)}, {@code Docker Desktop}
 * @param osType {@code linux}
 * @param architecture {@code x86_64}
 * @param cpus how many processors it has
 * @param memoryBytes how much memory it has
 * @param directory where it keeps images and volumes, on its host: {@code /var/lib/docker}
 * @param storageDriver {@code overlay2}
 * @param securityOptions {@code name=rootless}, {@code name=seccomp,...}
 * @param warnings what the engine lacks, in its words
 */
public record EngineInfo(
        String id,
        String name,
        String server,
        String os,
        String osType,
        String architecture,
        int cpus,
        long memoryBytes,
        String directory,
        String storageDriver,
        List<String> securityOptions,
        List<String> warnings) {

    static EngineInfo of(JsonObject json) {
        return new EngineInfo(
                json.text("ID"),
                json.text("Name"),
                json.text("ServerVersion"),
                json.text("OperatingSystem"),
                json.text("OSType"),
                json.text("Architecture"),
                json.integer("NCPU"),
                json.number("MemTotal"),
                json.text("DockerRootDir"),
                json.text("Driver"),
                json.texts("SecurityOptions"),
                json.texts("Warnings"));
    }
}
