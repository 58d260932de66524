package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.KubernetesCluster;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Frostbyte written for Kubernetes, and run by a cluster: it answers as ours does. */
@EnabledIf(
        value = "dev.withstack.launcher.scenario.KubernetesCluster#isThere",
        disabledReason = KubernetesCluster.NEEDED)
class KubernetesIT {
    private static final List<String> SIX =
            List.of("redis", "postgres", "minio", "qdrant", "pipeline-api", "admin-dashboard");

    @RegisterExtension
    static final WholeStack stack = new WholeStack();

    @RegisterExtension
    final Launcher launcher = Launcher.create();

    private final Map<String, String> images = new LinkedHashMap<>();

    @Test
    @Row("export.kubernetes")
    void kubernetesWhenExportedRunsTheSameStack() throws Exception {
        Path target = launcher.project().resolve("exported");
        tagImages();
        KubernetesCluster.load(images.values());
        launcher.in(Launcher.samples().resolve("frostbyte"));

        Run export = launcher.run("export", "kubernetes", "frostbyte", "--out", target.toString());

        assertThat(export.exitCode()).as(export.toString()).isZero();
        try (KubernetesCluster cluster = KubernetesCluster.up(target, launcher.prefix("dev"))) {
            Api api = new Api(cluster.forward("pipeline-api", "8000"), "");
            api.post("clustered.txt", "a stack that outgrew its machine");
            await().atMost(Duration.ofMinutes(2)).ignoreExceptions().untilAsserted(() -> assertThat(
                            api.search("outgrew its machine"))
                    .containsKey("clustered.txt"));
        }
    }

    /** The images that the running stack has, by names that a node takes for pulled. */
    private void tagImages() {
        // an export goes by the name of PostgreSQL's image to know the number of its user
        String user = Docker.run("exec", stack.container("postgres"), "id", "-u", "postgres");
        String tag = user.equals("70") ? "1-alpine" : "1";
        for (String service : SIX) {
            String setting = service.replace('-', '_').toUpperCase(Locale.ROOT) + "_IMAGE";
            String image = "withstack.test/" + service + ":" + tag;
            Docker.run("tag", Docker.inspect(stack.container(service)).text("Image"), image);
            images.put(service, image);
            launcher.environment(setting, image);
        }
    }

    @AfterEach
    void removeTags() {
        images.values().forEach(image -> Docker.run("rmi", image));
    }
}
