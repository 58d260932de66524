package dev.withstack.core.docker;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Hold a line of the list of images.
 *
 * @param tags its names: {@code redis:7-alpine}; empty for an image that lost its name
 */
public record ImageSummary(String id, List<String> tags, Map<String, String> labels, long sizeBytes, Instant created) {

    /** What engines before version 25 list as the name of an image that has none. */
    private static final String NAMELESS = "<none>:<none>";

    static ImageSummary of(JsonObject json) {
        return new ImageSummary(
                json.text("Id"),
                json.texts("RepoTags").stream()
                        .filter(tag -> !tag.equals(NAMELESS))
                        .toList(),
                json.textMap("Labels"),
                json.number("Size"),
                Instant.ofEpochSecond(json.number("Created")));
    }
}
