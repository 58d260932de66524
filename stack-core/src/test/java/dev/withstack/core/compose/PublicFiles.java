package dev.withstack.core.compose;

import java.nio.file.Path;
import java.util.List;

/**
 * Files in the shape of well-known public ones.
 *
 * @param name of the directory that they stand in
 * @param files one, or several of which each goes over those before it
 */
public record PublicFiles(String name, List<String> files) {
    private static final Path DIRECTORY = Path.of("src", "test", "resources", "compose");

    public static final List<PublicFiles> ALL = List.of(
            of("voting"),
            new PublicFiles("tracing-demo", List.of("compose.yaml", "compose.observability.yaml")),
            of("llm-observer"),
            of("tracker"),
            of("dashboards"),
            of("shop-with-secrets"),
            of("search-logs"),
            of("pipelines"),
            of("backend-as-a-service"),
            of("cloud-files"),
            of("swarm-vote"),
            of("included"),
            of("mail-server"),
            of("host-watch"),
            of("local-models"));

    static PublicFiles of(String name) {
        return new PublicFiles(name, List.of("compose.yaml"));
    }

    /** Return where they are. */
    public Path directory() {
        return DIRECTORY.resolve(name);
    }

    List<Path> paths() {
        return files.stream().map(directory()::resolve).toList();
    }
}
