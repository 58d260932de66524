package dev.withstack.core.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.catalog.Nginx;
import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Qdrant;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubernetesExportTests {
    @TempDir
    Path project;

    @ParameterizedTest
    @CsvSource({
        "postgres:16.4, 999",
        "postgres:16-alpine, 70",
        "postgres:16-alpine3.20, 70",
        "postgres:16-alpine@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, 70"
    })
    void exportOfPostgresRunsItAsTheUserThatItsImageHas(String image, int user) {
        StackDefinition shop = StackDefinition.of("shop", Environment.DEV)
                .add(Postgres.service("db")
                        .user("shop")
                        .password(Value.secret("a-password"))
                        .database("shop")
                        .data("data")
                        .source(new Source.Image(image)))
                .build();

        assertThat(text(kubernetes(shop), "db.yaml")).contains("runAsUser: " + user + "\n");
    }

    @Test
    void exportOfNginxRunsItAsItsUserWhereItMayWriteAndOnAPortBelow1024() {
        StackDefinition shop = StackDefinition.of("shop", Environment.DEV)
                .add(Nginx.service("front"))
                .build();

        assertThat(text(kubernetes(shop), "front.yaml"))
                .contains("runAsUser: 101\n", "mountPath: /run\n", "mountPath: /var/cache/nginx\n")
                .contains("- name: net.ipv4.ip_unprivileged_port_start\n");
    }

    @Test
    void exportOfQdrantHasItWriteWhereWhoeverIsNotRootMay() {
        StackDefinition shop = StackDefinition.of("shop", Environment.DEV)
                .add(Qdrant.service("vectors"))
                .build();

        assertThat(text(kubernetes(shop), "vectors.yaml"))
                .contains("mountPath: /qdrant/snapshots\n", "mountPath: /qdrant/init\n")
                .contains("- name: QDRANT_INIT_FILE_PATH\n              value: /qdrant/init/.qdrant-initialized\n");
    }

    @Test
    void exportOfOllamaLetsItReachTheModelsBelowADirectoryOfRoots() {
        StackDefinition shop = StackDefinition.of("shop", Environment.DEV)
                .add(Service.image("models", "ollama/ollama:0.12")
                        .port("http", 11434)
                        .volume("models", "/root/.ollama"))
                .build();

        assertThat(text(kubernetes(shop), "models.yaml"))
                .contains("mountPath: /root\n", "mountPath: /root/.ollama\n")
                .contains("- name: HOME\n              value: /root\n");
    }

    @Test
    void exportOfSomebodyElsesImageOfAServerSaysWhomItRunsAs() {
        StackDefinition shop = StackDefinition.of("shop", Environment.DEV)
                .add(
                        Service.image("theirs", "example/nginx:1"),
                        Service.image("mirrored", "registry.example.com:5000/library/nginx:1"))
                .build();

        assertThat(kubernetes(shop).losses())
                .extracting(Object::toString)
                .anyMatch(loss -> loss.startsWith("theirs: runs as user 1000"))
                .noneMatch(loss -> loss.startsWith("mirrored: runs as user"));
    }

    @Test
    void exportOfAServiceThatIsHealthyWhenItsImageSaysSoNamesTheLoss() {
        StackDefinition shop = StackDefinition.of("shop", Environment.DEV)
                .add(Service.image("search", "example/search:1")
                        .probe(new Probe.OfImage(Probe.OfImage.Otherwise.NOTHING)))
                .build();

        assertThat(kubernetes(shop).losses())
                .extracting(Object::toString)
                .contains(
                        "search: has no probes: others wait until it is healthy, and a cluster does not ask the health"
                                + " check of an image. Give the service one of its own.");
    }

    @Test
    void exportOfTwoStagesOfOneDockerfileNeedsTwoImages() {
        StackDefinition shop = StackDefinition.of("shop", Environment.DEV)
                .add(
                        Service.built("web", ".").imageName("shop").target("server"),
                        Service.built("worker", ".").imageName("shop").target("server"),
                        Service.built("board", ".").imageName("shop").target("board"))
                .build();

        Export kubernetes = kubernetes(shop);
        Export swarm =
                new SwarmExport(shop, new SourceTree(project, project.resolve("out")), secret -> List.of()).export();

        assertThat(imagesOf(kubernetes, "web.yaml")).containsExactly("shop-server");
        assertThat(imagesOf(kubernetes, "worker.yaml")).containsExactly("shop-server");
        assertThat(imagesOf(kubernetes, "board.yaml")).containsExactly("shop-board");
        assertThat(text(kubernetes, KubernetesExport.FILE)).contains("name: shop-server\n", "name: shop-board\n");
        assertThat(imagesOf(swarm, SwarmExport.FILE)).containsExactly("shop-server", "shop-server", "shop-board");
        assertThat(kubernetes.losses())
                .extracting(Export.Loss::what)
                .contains("is built from '.', stage 'board': build and push 'shop-board', and say where to in"
                        + " kustomization.yaml, under 'images'.");
    }

    private Export kubernetes(StackDefinition definition) {
        return new KubernetesExport(definition, new SourceTree(project, project.resolve("out")), secret -> List.of())
                .export();
    }

    private static String text(Export export, String file) {
        return Objects.requireNonNull(export.files().get(file)).text();
    }

    private static List<String> imagesOf(Export export, String file) {
        return text(export, file)
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("image: "))
                .map(line -> line.substring("image: ".length()))
                .toList();
    }
}
