package dev.withstack.core.export;

import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a server's own image, which has to run as somebody who is not root.
 *
 * @param user who it runs as; to others its directories would be closed
 * @param writes where it writes besides its data, and may only if it is root
 * @param variables what tells it to write there
 */
record OfficialImage(int user, List<String> writes, Map<String, String> variables) {
    private static final Map<String, OfficialImage> KNOWN = Map.of(
            "postgres",
            runsAs(999),
            "postgres on Alpine",
            runsAs(70),
            "redis",
            runsAs(999),
            "nginx",
            new OfficialImage(101, List.of("/run", "/var/cache/nginx"), Map.of()),
            "qdrant",
            new OfficialImage(
                    1000,
                    List.of("/qdrant/snapshots", "/qdrant/init"),
                    Map.of("QDRANT_INIT_FILE_PATH", "/qdrant/init/.qdrant-initialized")),
            "ollama/ollama",
            // its models are below a directory of root's, which root alone may enter
            new OfficialImage(1000, List.of("/root"), Map.of("HOME", "/root")),
            "minio/mc",
            new OfficialImage(1000, List.of("/mc"), Map.of("MC_CONFIG_DIR", "/mc")));

    private static OfficialImage runsAs(int user) {
        return new OfficialImage(user, List.of(), Map.of());
    }

    /** Somebody else's image of a server runs as whom they like; a registry only has what its maker made. */
    private static String repository(String image) {
        return image.replaceAll("@.*|:[^/]*$", "")
                .replaceFirst("^[^/]*[.:][^/]*/", "")
                .replaceFirst("^library/", "");
    }

    static Optional<OfficialImage> of(Service service) {
        String image = service.source() instanceof Source.Image own ? own.reference() : "";
        String server = service.family().orElse(repository(image));
        OfficialImage usual = KNOWN.get(server);
        return Optional.ofNullable(
                image.contains("-alpine") ? KNOWN.getOrDefault(server + " on Alpine", usual) : usual);
    }
}
