package dev.withstack.core.plan;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.VolumeMount;
import java.util.List;
import java.util.Optional;

/**
 * What a service's data is after a start on an empty volume, before anybody has used it: the same for all services that
 * begin alike. It is kept as an image, and new volumes begin with a copy of it.
 *
 * @param path where the container has it
 * @param volume the engine's name of the volume that begins with it
 * @param key a digest of all that it follows from
 * @param image the id of the image that keeps it; empty while none does
 */
public record InitialData(String path, String volume, String key, String image) {

    public boolean isKept() {
        return !image.isEmpty();
    }

    /** Return the same, kept as this image. */
    public InitialData keptAs(String id) {
        return new InitialData(path, volume, key, id);
    }

    /**
     * Return the initial data of the service, as if it were not kept; empty if it has none that is the same each time, or
     * that may be kept: that of a release has real passwords in it.
     *
     * @param volumesOfImage the paths that get a volume of their own when nothing is mounted there
     */
    public static Optional<InitialData> of(
            StackDefinition definition, Service service, ImageUse image, List<String> volumesOfImage) {
        return volumeOf(definition, service)
                .filter(volume -> image.isPresent() && volumesOfImage.equals(List.of(path(service))))
                .map(volume -> new InitialData(
                        path(service),
                        volume,
                        Fingerprint.of(definition, service, image).ofInitialData(image),
                        ""));
    }

    /** Return the engine's name of the volume that may begin with initial data; empty if none may. */
    public static Optional<String> volumeOf(StackDefinition definition, Service service) {
        return isTheSameEachTime(definition, service) ? volumeAt(path(service), definition, service) : Optional.empty();
    }

    private static String path(Service service) {
        return service.initialData().orElse("");
    }

    private static boolean isTheSameEachTime(StackDefinition definition, Service service) {
        Environment environment = definition.environment();
        return (environment == Environment.DEV || environment == Environment.TEST)
                && service.initialData().isPresent()
                && service.containerCheck().isPresent()
                && (service.source() instanceof Source.Image || service.source() instanceof Source.Build)
                && service.dependencies().isEmpty()
                && service.files().stream().noneMatch(FileMount.Bound.class::isInstance);
    }

    /** Under test there are no volumes: it gets one of its own, which goes with the run. */
    private static Optional<String> volumeAt(String path, StackDefinition definition, Service service) {
        List<VolumeMount> mounts = service.volumes();
        if (mounts.isEmpty()) {
            return definition.environment() == Environment.TEST
                    ? Optional.of(definition.id().volumeName(service.name()))
                    : Optional.empty();
        }
        String name = mounts.get(0).nameIn(definition.id());
        boolean isAlone = mounts.size() == 1
                && mounts.get(0).path().equals(path)
                && mounts.get(0).driver().equals(VolumeMount.Driver.USUAL)
                && definition.services().values().stream()
                                .flatMap(other -> other.volumes().stream())
                                .filter(mount -> mount.nameIn(definition.id()).equals(name))
                                .count()
                        == 1;
        return isAlone ? Optional.of(name) : Optional.empty();
    }
}
