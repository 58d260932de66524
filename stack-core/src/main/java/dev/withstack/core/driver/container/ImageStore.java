package dev.withstack.core.driver.container;

import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.ImageDetails;
import dev.withstack.core.docker.ImageSummary;
import dev.withstack.core.docker.LabelFilter;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.ImageUse.Standing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The images that the engine had at one moment, the offline counterparts among them. Offline images say by their labels
 * what they stand for, so that anyone can add some.
 */
final class ImageStore {
    private static final String OFFLINE_PREFIX = "offline/";

    private final DockerEngine engine;
    private final Map<String, ImageSummary> byName = new HashMap<>();
    private final List<ImageSummary> offline = new ArrayList<>();

    ImageStore(DockerEngine engine) {
        this.engine = engine;
        for (ImageSummary image : engine.images().list(LabelFilter.none())) {
            image.tags().forEach(tag -> byName.put(ImageName.familiar(tag), image));
            if (image.tags().stream().anyMatch(ImageStore::isOffline)) {
                offline.add(image);
            }
        }
    }

    /** Return the use of exactly this image, if the engine has it. */
    Optional<ImageUse> present(String reference, Optional<String> family) {
        ImageSummary known = byName.get(ImageName.familiar(reference));
        if (known != null) {
            return Optional.of(use(reference, reference, known.id(), known.labels(), family));
        }
        // by digest or id: the list of names does not tell
        return reference.indexOf('@') < 0
                ? Optional.empty()
                : engine.images()
                        .find(reference)
                        .map(image -> use(reference, reference, image.id(), image.labels(), family));
    }

    /** Return the use of an offline image that stands for the reference, if there is one. */
    Optional<ImageUse> counterpart(String reference, Optional<String> family) {
        String familiar = ImageName.familiar(reference);
        for (ImageSummary image : offline) {
            for (String pattern :
                    image.labels().getOrDefault(Labels.OFFLINE_FOR, "").split(",")) {
                if (ImageName.matches(pattern.strip(), familiar)) {
                    return Optional.of(use(reference, offlineTag(image), image.id(), image.labels(), family));
                }
            }
        }
        return Optional.empty();
    }

    /** Labels are passed on to what is built on an image, names are not: both must say offline. */
    private static boolean isOffline(String tag) {
        return tag.startsWith(OFFLINE_PREFIX);
    }

    private static String offlineTag(ImageSummary image) {
        return image.tags().stream().filter(ImageStore::isOffline).findFirst().orElseThrow();
    }

    private ImageUse use(String asked, String used, String id, Map<String, String> labels, Optional<String> family) {
        Standing standing = Standing.UPSTREAM;
        if (isOffline(used) && labels.containsKey(Labels.OFFLINE_FOR)) {
            standing = labels.getOrDefault(Labels.OFFLINE_KIND, "").equals("real") ? Standing.REAL : Standing.STAND_IN;
        }
        String lineage = family.isEmpty()
                ? ""
                : labels.getOrDefault(Labels.LINEAGE, family.get() + "/" + major(family.get(), used) + "/real");
        return new ImageUse(asked, used, id, standing, labels.getOrDefault(Labels.OFFLINE_WHAT, ""), lineage);
    }

    /** The tag tells the major version where it begins with digits; PostgreSQL's images tell it in a variable too. */
    private String major(String family, String reference) {
        String major = ImageName.major(reference);
        if (!major.isEmpty() || !family.equals("postgres")) {
            return family.equals("postgres") || family.equals("redis") ? major : "";
        }
        return engine.images().find(reference).map(ImageDetails::environment).orElse(List.of()).stream()
                .filter(variable -> variable.startsWith("PG_MAJOR="))
                .map(variable -> variable.substring("PG_MAJOR=".length()))
                .findFirst()
                .orElse("");
    }
}
