package dev.withstack.core.export;

import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;
import dev.withstack.core.model.VolumeMount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a container finds in its file system besides its image. Used by one thread. */
final class PodFiles {
    private final Cluster cluster;
    private final Service service;
    private final Map<String, Object> volumes = new LinkedHashMap<>();
    private final List<Object> mounts = new ArrayList<>();

    PodFiles(Cluster cluster, Service service) {
        this.cluster = cluster;
        this.service = service;
        service.volumes().forEach(this::claim);
        service.hardening().tmpfs().forEach(this::memory);
        OfficialImage.of(service).ifPresent(image -> image.writes().stream()
                .filter(path -> !service.hardening().tmpfs().contains(path))
                .forEach(this::scratch));
        service.setup().sharedMemoryBytes().ifPresent(bytes -> sharedMemory(bytes));
        service.files().forEach(this::file);
    }

    List<Object> volumes() {
        return List.copyOf(volumes.values());
    }

    List<Object> mounts() {
        return mounts;
    }

    /** Return the name of the claim of a volume. */
    static String claimName(VolumeMount volume) {
        return volume.volume().toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    private void claim(VolumeMount volume) {
        String name = claimName(volume);
        add(name, "persistentVolumeClaim", Trees.mapOf("claimName", name));
        Map<String, Object> mount = Trees.mapOf("name", name, "mountPath", volume.path());
        if (volume.isReadOnly()) {
            mount.put("readOnly", true);
        }
        mounts.add(mount);
    }

    private void memory(String path) {
        String name = "memory" + path.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        add(name, "emptyDir", Trees.mapOf("medium", "Memory"));
        mounts.add(Trees.mapOf("name", name, "mountPath", path));
    }

    private void scratch(String path) {
        String name = "scratch" + path.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        add(name, "emptyDir", Map.of());
        mounts.add(Trees.mapOf("name", name, "mountPath", path));
    }

    private void sharedMemory(long bytes) {
        add("shared-memory", "emptyDir", Trees.mapOf("medium", "Memory", "sizeLimit", Long.toString(bytes)));
        mounts.add(Trees.mapOf("name", "shared-memory", "mountPath", "/dev/shm"));
    }

    private void file(FileMount file) {
        if (file instanceof FileMount.Generated generated) {
            generated(generated);
        } else if (file instanceof FileMount.FromProject own) {
            boolean isThere = cluster.sources().has(own.source());
            if (isThere || own.otherwise().isEmpty()) {
                fromProject(own.source(), own.path());
            } else {
                own.otherwise().forEach(this::generated);
            }
        } else if (file instanceof FileMount.Copied copied) {
            fromProject(copied.source(), copied.path());
        } else {
            bound((FileMount.Bound) file);
        }
    }

    private void bound(FileMount.Bound bound) {
        switch (bound.access()) {
            case READ_ONLY -> fromProject(bound.source(), bound.path());
            case READ_WRITE, OUTPUT -> {
                cluster.lose(
                        service.name(),
                        "writes to '" + bound.source() + "' of the host; in a cluster '" + bound.path()
                                + "' goes with its pod.");
                scratch(bound.path());
            }
        }
    }

    private void generated(FileMount.Generated generated) {
        Value content = generated.content(service.source().version());
        String text = content.resolve(cluster);
        mountFile(generated.path(), text, content.hasSecret());
    }

    private void fromProject(String source, String path) {
        Map<String, String> texts = cluster.sources().texts(source);
        if (texts.isEmpty()) {
            cluster.lose(
                    service.name(),
                    "gets '" + source + "' of the project, which is not there, or too large to be configuration.");
        }
        texts.forEach((relative, text) -> mountFile(relative.isEmpty() ? path : path + "/" + relative, text, false));
    }

    private void mountFile(String path, String text, boolean isSecret) {
        String key =
                isSecret ? cluster.hide(service.name(), path, text) : cluster.configure(service.name(), path, text);
        String name = isSecret ? "secret-files" : "files";
        // what begins so is run
        Map<String, Object> source =
                Trees.mapOf(isSecret ? "secretName" : "name", service.name() + "-" + name, "defaultMode", 0555);
        add(name, isSecret ? "secret" : "configMap", source);
        mounts.add(Trees.mapOf("name", name, "mountPath", path, "subPath", key, "readOnly", true));
    }

    private void add(String name, String kind, Map<String, ?> source) {
        volumes.putIfAbsent(name, Trees.mapOf("name", name, kind, source));
    }
}
