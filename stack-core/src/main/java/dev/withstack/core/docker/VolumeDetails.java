package dev.withstack.core.docker;

import java.time.Instant;
import java.util.Map;

/**
 * Hold what the engine knows of one volume.
 *
 * @param mountpoint where it lies on the engine's host
 */
public record VolumeDetails(
        String name, String driver, String mountpoint, Map<String, String> labels, Instant created) {

    static VolumeDetails of(JsonObject json) {
        return new VolumeDetails(
                json.text("Name"),
                json.text("Driver"),
                json.text("Mountpoint"),
                json.textMap("Labels"),
                Rfc3339.instant(json.text("CreatedAt")).orElse(Instant.EPOCH));
    }
}
