package dev.withstack.core.driver.container;

import dev.withstack.core.docker.Containers.AnonymousVolumes;
import dev.withstack.core.docker.Containers.Force;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.NotFoundException;
import dev.withstack.core.docker.VolumeDetails;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and makes the content of a volume through a container that has it: one that need not run, so that the image needs
 * neither a shell nor a program for it.
 */
final class VolumeContent {
    private static final String AT = "/withstack-volume";

    private final DockerEngine engine;

    VolumeContent(DockerEngine engine) {
        this.engine = engine;
    }

    /** Write what the directory of the container holds as a tar archive. */
    void read(String container, String directory, OutputStream tar) {
        // with the dot the archive has what is in the directory, not the directory itself
        String all = directory.endsWith("/") ? directory + "." : directory + "/.";
        try (InputStream archive = engine.containers().readArchive(container, all)) {
            archive.transferTo(tar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Make a volume anew with what the archive has, and write what it has then. No container may have it.
     *
     * @param like the volume whose labels it is given
     * @param image any that is there
     */
    void make(String volume, String like, String image, InputStream tar, OutputStream arrived) {
        Map<String, String> labels =
                engine.volumes().find(like).map(VolumeDetails::labels).orElse(Map.of());
        String filler = volume + ".filling";
        removeContainer(filler);
        remove(volume);
        engine.volumes().create(volume, labels);
        try {
            engine.containers().create(filler, spec(image, volume));
            engine.containers().writeArchive(filler, AT, tar);
            read(filler, AT, arrived);
        } finally {
            removeContainer(filler);
        }
    }

    private static Map<String, Object> spec(String image, String volume) {
        Map<String, Object> mount = new LinkedHashMap<>();
        mount.put("Type", "volume");
        mount.put("Source", volume);
        mount.put("Target", AT);
        // else the engine puts in what the image has there
        mount.put("VolumeOptions", Map.of("NoCopy", true));
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("Image", image);
        spec.put("Entrypoint", List.of("never-started"));
        spec.put("HostConfig", Map.of("Mounts", List.of(mount)));
        return spec;
    }

    void remove(String volume) {
        try {
            engine.volumes().remove(volume);
        } catch (NotFoundException e) {
            // what was wanted
        }
    }

    private void removeContainer(String name) {
        try {
            engine.containers().remove(name, Force.KILL, AnonymousVolumes.REMOVE);
        } catch (NotFoundException e) {
            // what was wanted
        }
    }
}
