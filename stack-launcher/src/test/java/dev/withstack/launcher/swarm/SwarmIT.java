package dev.withstack.launcher.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Releases written for a swarm, and deployed to a real one: they converge, answer, are scaled and updated. */
class SwarmIT {
    private static final Duration SOON = Duration.ofMinutes(4);

    private static final String ADMIN_KEY = "adminkey-Qz7vT2mXw9Lk4Rf8Hs6Jd3Pb5Nc1";

    private static Swarm swarm;

    @RegisterExtension
    final Launcher launcher = Launcher.create();

    @BeforeAll
    static void make() throws Exception {
        swarm = Swarm.make(ADMIN_KEY);
    }

    @AfterAll
    static void close() throws Exception {
        if (swarm != null) {
            swarm.close();
        }
    }

    @Test
    @Row("export.swarm")
    void frostbyteWhenDeployedAnswersWithAllItsServers() throws Exception {
        launcher.environment("FROSTBYTE_ADMIN_API_KEY", ADMIN_KEY)
                .environment("JWT_SECRET", "jwtsecret-Wy5uG8eKq2Zn7Vh4Tx9Mr6Cs3Bd1Fa0")
                .environment("POSTGRES_PASSWORD", "it's a $ecret \\ word")
                .environment("MINIO_ROOT_PASSWORD", "miniopassword-Zx8cV5bN1mK6jH3g");
        Path export = launcher.project().resolve("exported");
        launcher.in(Launcher.samples().resolve("frostbyte"));
        Map<String, String> images = new LinkedHashMap<>();
        images.put("redis:7-alpine", "offline/redis:7");
        images.put("postgres:16-alpine", "offline/postgres:16.4");
        images.put("minio/minio", "offline/minio:latest");
        images.put("qdrant/qdrant", "offline/qdrant:latest");
        built("frostbyte", images, "pipeline-api", "admin-dashboard");
        swarm.take(images);

        String said = export("frostbyte", export);
        swarm.deploy(export, said, "shop", Map.of("pipeline-api", 8000, "admin-dashboard", 5174));

        swarm.awaitPage(8000, "/health", "\"healthy\"");
        swarm.post(8000, "/api/v1/documents", "{\"name\":\"moved.txt\",\"text\":\"a stack that moved on\"}");
        swarm.awaitPage(8000, "/api/v1/search?q=moved", "moved.txt");
        swarm.awaitPage(5174, "/admin/", "<html");
        swarm.remove("shop");
    }

    @Test
    @Row("export.swarm")
    void ordinautWhenDeployedIsScaledAndUpdated() throws Exception {
        launcher.environment("POSTGRES_PASSWORD", "a-password-of-thirty-two-letters");
        Path export = launcher.project().resolve("exported");
        launcher.in(Launcher.samples().resolve("ordinaut"));
        Map<String, String> images = new LinkedHashMap<>();
        images.put("redis:7.2.5", "offline/redis:7");
        images.put("postgres:16.4", "offline/postgres:16.4");
        built("ordinaut", images, "api", "scheduler", "worker");
        swarm.take(images);

        String said = export("ordinaut", export);
        swarm.deploy(export, said, "jobs", Map.of("api", 8080));

        swarm.awaitPage(8080, "/health", "healthy");
        assertThat(swarm.replicas("jobs")).containsEntry("jobs_worker", "4/4");
        swarm.run("service", "scale", "jobs_worker=2");
        assertThat(swarm.replicas("jobs")).containsEntry("jobs_worker", "2/2");
        launcher.environment("LOG_LEVEL", "debug").environment("WORKER_REPLICAS", "2");
        swarm.deploy(export, export("ordinaut", export), "jobs", Map.of("api", 8080));
        await().atMost(SOON).pollInSameThread().untilAsserted(() -> assertThat(swarm.environments("jobs_worker"))
                .hasSize(2)
                .allMatch(variables -> variables.contains("LOG_LEVEL=debug")));
        swarm.awaitConverged("jobs");
        swarm.awaitPage(8080, "/health", "healthy");
        swarm.remove("jobs");
    }

    private String export(String stack, Path target) throws InterruptedException {
        Run export = launcher.run("export", "swarm", stack, "--env", "prod", "--out", target.toString());
        assertThat(export.exitCode()).as(export.toString()).isZero();
        return export.out();
    }

    /** Build the applications, and note their newest images under the names that they are to be pushed by. */
    private void built(String stack, Map<String, String> images, String... services) throws InterruptedException {
        Run build = launcher.run("build", stack, "--env", "prod");
        assertThat(build.exitCode()).as(build.toString()).isZero();
        for (String service : services) {
            String name = "withstack/" + stack + "-" + service;
            images.put(
                    name,
                    Docker.run("images", "--format", "{{.Repository}}:{{.Tag}}", name)
                            .lines()
                            .findFirst()
                            .orElseThrow());
        }
    }
}
