package dev.withstack.launcher.render;

import dev.withstack.core.plan.ImageUse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is shown of a service.
 *
 * @param state such as {@code running}
 * @param health such as {@code healthy}; empty where nothing inside the container watches it
 * @param addresses where this host reaches it
 * @param status the engine's own words; may be empty
 * @param took how long it took from start to ready, where this run started it
 */
public record ServiceRow(
        String service,
        String state,
        String health,
        List<String> addresses,
        Optional<ImageUse> image,
        String status,
        Optional<Duration> took) {
    public ServiceRow {
        addresses = List.copyOf(addresses);
    }

    /** Return the image asked for, and what was used for it where that is another. */
    String imageText() {
        return image.map(use -> use.isOffline() ? use.asked() + " → " + use.used() : use.asked())
                .orElse("");
    }

    /** Return what the image used is, such as a stand-in. */
    String kindText() {
        return image.map(ImageUse::standingText).orElse("");
    }
}
