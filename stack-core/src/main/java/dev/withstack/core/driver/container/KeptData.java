package dev.withstack.core.driver.container;

import dev.withstack.core.docker.Containers.AnonymousVolumes;
import dev.withstack.core.docker.Containers.Force;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.DockerException;
import dev.withstack.core.docker.ImageDetails;
import dev.withstack.core.docker.ImageSummary;
import dev.withstack.core.docker.LabelFilter;
import dev.withstack.core.docker.NotFoundException;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.InitialData;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The initial data that is kept, each as an image: one is whole or not there, nothing ever writes to it, and the engine
 * itself copies what is in it into a new volume. That some can't be kept is remembered in the same way.
 */
final class KeptData {
    /** The environment variable that says whether any is kept and used, and its value that says no. */
    static final String VARIABLE = "WITHSTACK_INITIAL_DATA";

    private static final String MADE_EACH_TIME = "made";
    private static final String REPOSITORY = "withstack-initial";
    private static final int MOST = 8;
    private static final long MOST_BYTES = 2L << 30;
    private static final byte[] EMPTY_ARCHIVE = new byte[1024];
    private static final Duration A_REFUSAL_HOLDS = Duration.ofDays(1);

    private final DockerEngine engine;
    private final Use use;

    private enum Use {
        WANTED,
        UNWANTED
    }

    KeptData(DockerEngine engine, Map<String, String> environment) {
        this.engine = engine;
        this.use = environment.getOrDefault(VARIABLE, "").equals(MADE_EACH_TIME) ? Use.UNWANTED : Use.WANTED;
    }

    /** Return what a new volume of the service may begin with, kept or not; empty if nothing is to be kept of it. */
    Optional<InitialData> look(StackDefinition definition, Service service, ImageUse image) {
        if (use == Use.UNWANTED || InitialData.volumeOf(definition, service).isEmpty() || !image.isPresent()) {
            return Optional.empty();
        }
        List<String> volumes =
                engine.images().find(image.id()).map(ImageDetails::volumes).orElse(List.of());
        return InitialData.of(definition, service, image, volumes).flatMap(this::look);
    }

    private Optional<InitialData> look(InitialData data) {
        ImageDetails kept = engine.images().find(nameOf(data)).orElse(null);
        if (kept == null) {
            return Optional.of(data);
        } else if (!kept.labels().containsKey(Labels.INITIAL_REFUSED)) {
            return Optional.of(data.keptAs(kept.id()));
        }
        return kept.created().plus(A_REFUSAL_HOLDS).isBefore(Instant.now()) ? Optional.of(data) : Optional.empty();
    }

    private static String nameOf(InitialData data) {
        return REPOSITORY + ":" + data.key();
    }

    /** Keep what the archive has: one directory, named as the last part of the path. */
    void keep(InitialData data, String owner, InputStream tar) {
        engine.images().load(nameOf(data), Map.of(Labels.INITIAL, owner), tar);
        removeSurplus();
    }

    /** Remember that there is nothing to be kept, so that it is not tried at each start. */
    void refuse(InitialData data, String owner) {
        Map<String, String> labels = Map.of(Labels.INITIAL, owner, Labels.INITIAL_REFUSED, "true");
        engine.images().load(nameOf(data), labels, new ByteArrayInputStream(EMPTY_ARCHIVE));
        removeSurplus();
    }

    private void removeSurplus() {
        List<ImageSummary> newest = new ArrayList<>(all());
        newest.sort(Comparator.comparing(ImageSummary::created).reversed());
        long bytes = 0;
        for (int i = 0; i < newest.size(); i++) {
            bytes += newest.get(i).sizeBytes();
            if (i >= MOST || bytes > MOST_BYTES) {
                remove(newest.get(i));
            }
        }
    }

    private List<ImageSummary> all() {
        return engine.images().list(LabelFilter.present(Labels.INITIAL));
    }

    private void remove(ImageSummary image) {
        try {
            image.tags().forEach(engine.images()::remove);
        } catch (DockerException e) {
            // a volume is being filled from it, or somebody else removes it too
        }
    }

    /**
     * Make a volume: with the data that is kept as an image, or empty. While the data is on its way, a second volume marks
     * the first one as unfinished.
     */
    void makeVolume(String volume, Map<String, String> labels, String image, String path) {
        removeUnfinished(volume);
        if (!image.isEmpty()) {
            try {
                fill(volume, labels, image, path);
                return;
            } catch (DockerException e) {
                // it begins empty then, which only takes longer
                removeUnfinished(volume);
            }
        }
        engine.volumes().create(volume, labels);
    }

    private void fill(String volume, Map<String, String> labels, String image, String path) {
        String directory = path.substring(path.lastIndexOf('/'));
        engine.volumes().create(markOf(volume), labels);
        engine.volumes().create(volume, labels);
        // its creation is what copies; the data and its directory keep their owners
        Map<String, Object> spec = Map.of(
                "Image",
                image,
                "Labels",
                labels,
                "Entrypoint",
                List.of("never-started"),
                "NetworkDisabled",
                true,
                "HostConfig",
                Map.of("Mounts", List.of(Map.of("Type", "volume", "Source", volume, "Target", directory))));
        String filler = engine.containers().create(fillerOf(volume), spec).id();
        engine.containers().remove(filler, Force.KILL, AnonymousVolumes.KEEP);
        engine.volumes().remove(markOf(volume));
    }

    /** What was being filled when somebody was killed is not to be taken for the whole. */
    private void removeUnfinished(String volume) {
        if (engine.volumes().find(markOf(volume)).isPresent()) {
            unlessGone(() -> engine.containers().remove(fillerOf(volume), Force.KILL, AnonymousVolumes.KEEP));
            unlessGone(() -> engine.volumes().remove(volume));
            unlessGone(() -> engine.volumes().remove(markOf(volume)));
        }
    }

    private static void unlessGone(Runnable removal) {
        try {
            removal.run();
        } catch (NotFoundException e) {
            // what was wanted
        }
    }

    /** Return the name of the volume that is there while the other one is unfinished. */
    static String markOf(String volume) {
        return volume + ".unfinished";
    }

    private static String fillerOf(String volume) {
        return volume + ".filler";
    }
}
