package dev.withstack.core.driver.container;

import org.testcontainers.utility.DockerImageName;

/**
 * The images that tests hand to Testcontainers: the offline ones, or with {@code -Dwithstack.images=upstream} those that
 * they stand for.
 */
final class TestImages {
    private TestImages() {}

    static DockerImageName postgres() {
        return of("postgres", "16.4");
    }

    static DockerImageName redis() {
        return isUpstream() ? DockerImageName.parse("redis:7-alpine") : of("redis", "7");
    }

    static DockerImageName minio() {
        return of("minio/minio", "latest");
    }

    static DockerImageName qdrant() {
        return of("qdrant/qdrant", "latest");
    }

    private static DockerImageName of(String upstream, String tag) {
        if (isUpstream()) {
            return DockerImageName.parse(upstream + ":" + tag);
        }
        String name = upstream.substring(upstream.lastIndexOf('/') + 1);
        return DockerImageName.parse("offline/" + name + ":" + tag).asCompatibleSubstituteFor(upstream);
    }

    private static boolean isUpstream() {
        return ImagePolicy.UPSTREAM.name().equalsIgnoreCase(System.getProperty(ImagePolicy.PROPERTY, ""));
    }
}
