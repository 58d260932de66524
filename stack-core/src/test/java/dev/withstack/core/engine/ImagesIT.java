package dev.withstack.core.engine;

import static dev.withstack.core.engine.Trial.idle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.driver.container.ImagePolicy;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.profile.ImageLock;
import dev.withstack.coverage.Row;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Images that are not there, and registries that fail or come back, on the real engine. */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class ImagesIT {

    @RegisterExtension
    final Trial trial = new Trial();

    @TempDir
    Path directory;

    private StartFailedException failedUp(StackEngine engine, StackDefinition stack) {
        return catchThrowableOfType(
                StartFailedException.class, () -> engine.up(stack, Selection.all(), UpOptions.DEFAULT, trial::hear));
    }

    private static Service service(String image) {
        return Service.image("app", image).command("sleep", "1000").stopPolicy(Trial.AT_ONCE);
    }

    /** An image of two megabytes that holds nothing but {@code sleep}, told apart by a word. */
    private void buildTiny(String tag, String word, String... labels) {
        trial.build(
                tag,
                "FROM " + TrialImages.local(TrialImages.SHELL) + " AS tools",
                "LABEL " + trial.label(),
                "RUN mkdir /tiny && echo " + word + " > /tiny/word"
                        + " && cp --parents -L $(command -v sleep) $(ldd $(command -v sleep) | grep -o '/[^ ]*') /tiny",
                "FROM scratch",
                labels.length == 0 ? "" : "LABEL " + String.join(" ", labels),
                "COPY --from=tools /tiny /");
    }

    /** Put a tiny image into the registry, and take it from the engine. */
    private String published(LocalRegistry registry) {
        String image = registry.image("tiny:1");
        buildTiny(image, "upstream");
        trial.docker("push", "-q", image);
        trial.forgetImages();
        return image;
    }

    /** Make a stand-in for the image, as the offline set has them. */
    private String standIn(String image) {
        String offline = "offline/" + trial.name() + ":1";
        buildTiny(
                offline,
                "offline",
                "dev.withstack.offline.for=" + image,
                "dev.withstack.offline.kind=stand-in",
                "dev.withstack.offline.what=\"a tiny stand-in\"",
                "dev.withstack.lineage=tiny/sleep/stand-in");
        return offline;
    }

    @Test
    @Row("trouble.no-image")
    void upWhenTheRegistryHasNoSuchImageSaysWhatItSaid() throws IOException {
        try (LocalRegistry registry = LocalRegistry.open(directory);
                StackEngine engine = trial.open(ImagePolicy.AUTO)) {
            String image = registry.image("nothing:1");

            Diagnosis diagnosis =
                    failedUp(engine, trial.stack(service(image), idle("web"))).diagnosis();

            assertThat(diagnosis.text())
                    .isEqualTo(
                            """
                    'app' failed while getting its image: Image '%1$s' can't be pulled: manifest for %1$s not found: manifest unknown: manifest unknown
                      held back: web
                      try next:
                        check the name and tag, or log in with: docker login %2$s"""
                                    .formatted(image, registry.host()));
            assertThat(trial.leftovers()).isEmpty();
        }
    }

    @Test
    @Row("trouble.no-image")
    void upWhenNoRegistryAnswersAndNothingStandsForTheImageIsOneClearError() {
        try (StackEngine engine = trial.open(ImagePolicy.AUTO)) {
            String image = "127.0.0.1:" + Trial.freePort() + "/acme/api:3";

            Diagnosis diagnosis = failedUp(engine, trial.stack(service(image))).diagnosis();

            assertThat(diagnosis.text())
                    .startsWith("'app' failed while getting its image: Image '" + image
                            + "' is not here, no registry can be reached (")
                    .contains("connection refused), and no offline image stands for it.\n")
                    .contains("connect to a registry, load the image with docker load, or build the offline images");
            assertThat(trial.leftovers()).isEmpty();
        }
    }

    /** It begins to send a layer, and is gone: the engine of the test's own gives up soon. */
    @Test
    @Row("trouble.registry-dies")
    void upWhenTheRegistryDiesInTheMiddleOfALayerSaysSoAndLeavesNothing() throws Exception {
        try (SecondEngine docker = SecondEngine.open();
                DyingRegistry registry = DyingRegistry.open(docker.host().hereAddress());
                StackEngine engine = trial.open(ImagePolicy.UPSTREAM, docker.environment())) {
            Diagnosis diagnosis =
                    failedUp(engine, trial.stack(service(registry.image()))).diagnosis();

            assertThat(registry.hasBegun()).as(diagnosis.text()).isTrue();
            assertThat(diagnosis.text())
                    .startsWith("'app' failed while getting its image: ")
                    .contains(registry.image());
            assertThat(docker.run("ps", "--all", "--quiet") + docker.run("images", "--quiet"))
                    .isEmpty();
        }
    }

    @Test
    void upWhenTheRegistryNeverAnswersCanBeInterrupted() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
                StackEngine engine = trial.open(ImagePolicy.AUTO)) {
            String image = "127.0.0.1:" + silent.getLocalPort() + "/acme/api:3";
            Thread caller = Thread.currentThread();
            Thread user = new Thread(() -> {
                try {
                    silent.accept();
                    caller.interrupt();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            user.start();
            assertThatThrownBy(() ->
                            engine.up(trial.stack(service(image)), Selection.all(), UpOptions.DEFAULT, trial::hear))
                    .isInstanceOf(StackInterruptedException.class);

            assertThat(trial.leftovers()).isEmpty();
            user.join();
        }
    }

    @Test
    void upWhenARegistryHasTheImagePullsItWithProgress() throws IOException {
        try (LocalRegistry registry = LocalRegistry.open(directory);
                StackEngine engine = trial.open(ImagePolicy.AUTO)) {
            String image = published(registry);

            engine.up(trial.stack(service(image)), Selection.all(), UpOptions.DEFAULT, trial::hear);

            List<String> progress = trial.heard(StackEvent.StepProgress.class).stream()
                    .map(StackEvent.StepProgress::text)
                    .toList();
            assertThat(progress).anyMatch(line -> line.contains("Pulling from tiny"));
            assertThat(progress).anyMatch(line -> line.matches("[0-9a-f]+ (Downloading|Extracting) .* of .* MB"));
            assertThat(progress).anyMatch(line -> line.matches("[0-9a-f]+ Pull complete"));
            assertThat(trial.isRunning("app")).isTrue();
            trial.docker("rmi", "-f", image);
        }
    }

    @Test
    void upWhenTheRegistryWantsALoginSaysHow() throws IOException {
        try (LocalRegistry registry = LocalRegistry.guarded(directory);
                StackEngine engine = trial.open(ImagePolicy.AUTO)) {
            String image = registry.image("acme/api:3");

            Diagnosis diagnosis = failedUp(engine, trial.stack(service(image))).diagnosis();

            assertThat(diagnosis.cause())
                    .startsWith("Image '" + image + "' can't be pulled: ")
                    .contains("no basic auth credentials");
            assertThat(diagnosis.next()).containsExactly("log in with: docker login " + registry.host());
            assertThat(trial.leftovers()).isEmpty();
        }
    }

    @Test
    @Row("trouble.flaky-registry")
    @Row("settled.image-kept")
    void upWhenTheRegistryIsGoneTakesTheOfflineImageAndStaysWithItWhenTheRegistryIsBack() throws IOException {
        try (LocalRegistry registry = LocalRegistry.open(directory)) {
            String image = published(registry);
            String offline = standIn(image);
            StackDefinition stack = trial.stack(service(image).family("tiny").volume("data", "/data"));
            registry.close();
            try (StackEngine engine = trial.open(ImagePolicy.AUTO)) {
                engine.up(stack, Selection.all(), UpOptions.DEFAULT, trial::hear);
            }
            assertThat(imageOfApp()).isEqualTo(offline);
            String before = trial.identity("app");

            registry.start();

            // whoever starts it again, the container is left as it is
            try (StackEngine engine = trial.open(ImagePolicy.AUTO)) {
                engine.up(stack, Selection.all(), UpOptions.DEFAULT, trial::hear);
                assertThat(trial.identity("app")).isEqualTo(before);

                // and without a container, its data decides
                engine.down(stack.id(), List.of(), trial::hear);
                engine.up(stack, Selection.all(), UpOptions.DEFAULT, trial::hear);
                assertThat(imageOfApp()).isEqualTo(offline);

                // with nothing left of it, the real one is taken
                engine.destroy(stack.id(), trial::hear);
            }
            try (StackEngine engine = trial.open(ImagePolicy.AUTO)) {
                engine.up(stack, Selection.all(), UpOptions.DEFAULT, trial::hear);
                assertThat(imageOfApp()).isEqualTo(image);
            }
            trial.docker("rmi", "-f", image);
        }
    }

    @Test
    @Row("trouble.flaky-registry")
    @Row("settled.volume-lineage")
    void upWhenTheRegistryIsGoneNeverPutsAStandInOnTheDataOfTheRealOne() throws IOException {
        try (LocalRegistry registry = LocalRegistry.open(directory)) {
            String image = published(registry);
            String offline = standIn(image);
            StackDefinition stack = trial.stack(service(image).family("tiny").volume("data", "/data"));
            try (StackEngine engine = trial.open(ImagePolicy.AUTO)) {
                engine.up(stack, Selection.all(), UpOptions.DEFAULT, trial::hear);
            }
            assertThat(imageOfApp()).isEqualTo(image);
            String before = trial.identity("app");
            registry.close();

            // the image is here, so nobody asks for it again
            try (StackEngine engine = trial.open(ImagePolicy.AUTO)) {
                engine.up(stack, Selection.all(), UpOptions.DEFAULT, trial::hear);
                assertThat(trial.identity("app")).isEqualTo(before);
                engine.down(stack.id(), List.of(), trial::hear);
            }
            trial.docker("rmi", "-f", image);

            try (StackEngine engine = trial.open(ImagePolicy.AUTO)) {
                String volume = trial.name() + "_data";
                assertThatThrownBy(() -> engine.up(stack, Selection.all(), UpOptions.DEFAULT, trial::hear))
                        .hasMessageContaining("app: volume '" + volume + "' was written by tiny, and this start would"
                                + " mount it to a stand-in for tiny (sleep) (" + offline + ").");
                assertThat(trial.leftovers()).containsExactly("volume " + volume);
            }
        }
    }

    @Test
    void upWhenTheImageOfARunningServiceIsTakenAwayLeavesItRunning() throws IOException {
        try (LocalRegistry registry = LocalRegistry.open(directory)) {
            String image = published(registry);
            standIn(image);
            StackDefinition stack = trial.stack(service(image));
            try (StackEngine engine = trial.open(ImagePolicy.AUTO)) {
                engine.up(stack, Selection.all(), UpOptions.DEFAULT, trial::hear);
            }
            String before = trial.identity("app");
            registry.close();
            trial.docker("rmi", "-f", image);

            try (StackEngine engine = trial.open(ImagePolicy.AUTO)) {
                engine.up(stack, Selection.all(), UpOptions.DEFAULT, trial::hear);
            }

            assertThat(trial.identity("app")).isEqualTo(before);
        }
    }

    private String imageOfApp() {
        return trial.docker("inspect", "--format", "{{.Config.Image}}", trial.container("app"))
                .get(0);
    }

    @Test
    @Row("common.lock")
    void startWhenAnImageIsLockedRunsItThoughItsNameStandsForAnother() throws Exception {
        try (LocalRegistry registry = LocalRegistry.open(directory);
                StackEngine engine = trial.open(ImagePolicy.UPSTREAM)) {
            String image = published(registry);
            trial.docker("pull", "-q", image);
            String id = trial.docker("image", "inspect", "--format", "{{.Id}}", image)
                    .get(0);
            ImageLock lock =
                    new ImageLock(Map.of(image, engine.driver().digests(image).get(0)));
            buildTiny(image, "another");

            engine.up(lock.applied(trial.stack(service(image))), Selection.all(), UpOptions.DEFAULT, trial::hear)
                    .close();

            assertThat(trial.docker("inspect", "--format", "{{.Image}}", trial.container("app")))
                    .containsExactly(id);
            trial.docker("rm", "--force", trial.container("app"));
        }
    }
}
