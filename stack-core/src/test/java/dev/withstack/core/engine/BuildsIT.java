package dev.withstack.core.engine;

import static dev.withstack.core.engine.Trial.web;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Step;
import dev.withstack.coverage.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Services that are built from source which is missing, broken or changed, on the real engine. */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class BuildsIT {

    @RegisterExtension
    final Trial trial = new Trial();

    private static Service api() {
        return Service.built("api", "api").stopPolicy(Trial.AT_ONCE);
    }

    private void write(String file, String... lines) {
        Path path = trial.project().resolve(file);
        try {
            Files.createDirectories(path.getParent());
            Files.write(path, List.of(lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Write a Dockerfile that does no work, so that building it takes a moment only. */
    private void writeIdle(String... more) {
        write(
                "api/Dockerfile",
                "FROM " + TrialImages.SHELL,
                "LABEL " + trial.label(),
                "COPY word /word",
                String.join("\n", more),
                "CMD [\"sleep\", \"1000\"]");
        write("api/word", "one");
    }

    private List<String> builds() {
        return trial.docker("images", "--format", "{{.Tag}}", "withstack/" + trial.name() + "-api");
    }

    private String wordOf(String service) {
        return trial.docker("exec", trial.container(service), "cat", "/word").get(0);
    }

    @Test
    @Row("common.missing-dockerfile")
    void upWhenTheDockerfileIsMissingNamesThePathAndTheWaysOut() {
        StackDefinition stack = trial.stack(Trial.idle("first"), api());

        DriverException failure = catchThrowableOfType(DriverException.class, () -> trial.up(stack));

        assertThat(failure)
                .hasMessage("'api' is built from '" + trial.project().resolve("api/Dockerfile")
                        + "', which does not exist.");
        assertThat(failure.fix())
                .isEqualTo("point at the project with --project, set API_IMAGE to a ready image, or start without it:"
                        + " --infra");
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    void upWhenOnlyOtherServicesAreAskedForDoesNotMindTheMissingDockerfile() {
        StackDefinition stack = trial.stack(Trial.idle("first"), api());

        trial.engine().up(stack, new Selection.WithNeeds(List.of("first")), UpOptions.DEFAULT, trial::hear);

        assertThat(trial.isRunning("first")).isTrue();
    }

    @Test
    void upWhenTheBuildFailsShowsItsLastLines() {
        writeIdle("RUN echo the compiler is unhappy >&2; exit 42");

        Diagnosis diagnosis = trial.failedUp(trial.stack(api()), UpOptions.DEFAULT);

        assertThat(diagnosis.text())
                .startsWith("'api' failed while building its image: The image of 'api' can't be built (docker build"
                        + " ended with 42):\n")
                .contains("the compiler is unhappy\n")
                .contains("returned a non-zero code: 42")
                .endsWith("  try next:\n    mend the Dockerfile or the source; docker build in '"
                        + trial.project().resolve("api") + "' shows the same");
        assertThat(trial.leftovers()).isEmpty();
        assertThat(builds()).isEmpty();
        assertThat(trial.docker("ps", "-aq", "--filter", "label=" + trial.label()))
                .isEmpty();
    }

    @Test
    @Row("common.build")
    void buildWhenNothingOfEarlierOnesIsWantedMakesAnotherImageThatTheNextStartTakes() {
        writeIdle("RUN cat /proc/sys/kernel/random/uuid > /made");
        StackDefinition stack = trial.stack(api());
        trial.up(stack);
        String first = imageId();

        trial.engine().build(stack, List.of("api"), Step.Layers.REUSED, trial::hear);
        assertThat(imageId()).isEqualTo(first);

        trial.engine().build(stack, List.of(), Step.Layers.MADE_ANEW, trial::hear);
        assertThat(imageId()).isNotEqualTo(first);
        trial.up(stack);

        assertThat(trial.docker("inspect", "--format", "{{.Image}}", trial.container("api")))
                .containsExactly(imageId());
    }

    private String imageId() {
        return trial.docker("images", "--no-trunc", "--format", "{{.ID}}", "withstack/" + trial.name() + "-api")
                .get(0);
    }

    @Test
    void upWhenTheDockerfileHasAnErrorShowsWhereItIs() {
        write("api/Dockerfile", "FROM " + TrialImages.SHELL, "RUNN echo");

        Diagnosis diagnosis = trial.failedUp(trial.stack(api()), UpOptions.DEFAULT);

        assertThat(diagnosis.cause()).containsIgnoringCase("unknown instruction: RUNN");
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    void upWhenTheBuildFailsLeavesTheRunningVersionAlone() {
        writeIdle();
        trial.up(trial.stack(api()));
        String before = trial.identity("api");
        writeIdle("RUN exit 1");

        trial.failedUp(trial.stack(api()), UpOptions.DEFAULT);

        assertThat(trial.identity("api")).isEqualTo(before);
    }

    @Test
    void upWhenInterruptedDuringABuildEndsItAtOnce() throws InterruptedException {
        writeIdle("RUN echo now asleep && sleep 4711");
        Thread caller = Thread.currentThread();

        assertThatThrownBy(() -> trial.engine().up(trial.stack(api()), Selection.all(), UpOptions.DEFAULT, event -> {
                    if (event instanceof StackEvent.StepProgress progress
                            && progress.text().equals("now asleep")) {
                        caller.interrupt();
                    }
                }))
                .isInstanceOf(StackInterruptedException.class);

        org.awaitility.Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> trial.docker("ps", "--no-trunc", "--format", "{{.Command}}").stream()
                        .noneMatch(command -> command.contains("sleep 4711")));
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    void upWhenTheSourceIsUnchangedDoesNotBuildAgain() {
        writeIdle();
        trial.up(trial.stack(api()));
        String before = trial.identity("api");

        trial.up(trial.stack(api()));

        assertThat(trial.changes()).isEmpty();
        assertThat(trial.heard(StackEvent.Planned.class)).hasSize(1);
        assertThat(trial.identity("api")).isEqualTo(before);
    }

    @Test
    @Row("common.built-from-project")
    void upWhenTheSourceChangesRecreatesOnlyItsService() {
        writeIdle();
        Service other = web("other", 200).probe(Probe.http("/"));
        StackDefinition stack = trial.stack(other, api().needs(other));
        trial.up(stack);
        String before = trial.identity("other");
        write("api/word", "two");

        trial.up(stack);

        assertThat(trial.changes())
                .containsExactly(
                        "stop api: source changed",
                        "set api aside: source changed",
                        "create api: source changed",
                        "start api: source changed",
                        "remove replaced api: all is ready");
        assertThat(wordOf("api")).isEqualTo("two");
        assertThat(trial.identity("other")).isEqualTo(before);
    }

    @Test
    void upWhenTheSourceChangesOftenKeepsTheNewestBuildsOnly() {
        writeIdle();
        for (String word : List.of("one", "two", "three", "four")) {
            write("api/word", word);
            trial.up(trial.stack(api()));
        }

        assertThat(wordOf("api")).isEqualTo("four");
        assertThat(builds()).hasSizeBetween(1, 2);
    }

    @Test
    void upWhenTheSourceGoesBackToAnOlderStateTakesTheOlderBuild() {
        writeIdle();
        trial.up(trial.stack(api()));
        write("api/word", "two");
        trial.up(trial.stack(api()));
        write("api/word", "one");

        trial.up(trial.stack(api()));

        assertThat(wordOf("api")).isEqualTo("one");
        assertThat(trial.heard(StackEvent.StepProgress.class)).isEmpty();
    }

    @Test
    void upWhenStagesAndArgumentsNameTheImagesBuildsTheStageAskedFor() {
        write(
                "api/Dockerfile",
                "ARG RELEASE=nosuchrelease",
                "ARG BASE=debian:${RELEASE}",
                "FROM ${BASE} AS common",
                "LABEL " + trial.label(),
                "FROM common AS development",
                "RUN echo dev > /word",
                "FROM common AS production",
                "RUN echo prod > /word",
                "CMD [\"sleep\", \"1000\"]",
                "FROM production AS never",
                "RUN exit 1");
        Service source =
                api().source(new Source.Build("api", "Dockerfile", "Production", Map.of("RELEASE", "bookworm")));

        trial.up(trial.stack(source));

        assertThat(wordOf("api")).isEqualTo("prod");
    }

    @Test
    void upWhenTheDockerfileHasNoSuchStageBuildsItsLast() {
        writeIdle();

        trial.up(trial.stack(api().target("production")));

        assertThat(wordOf("api")).isEqualTo("one");
    }

    @Test
    void upWhenABaseIsNotToBeHadNamesItAndNotTheBuildsOutput() {
        String base = "127.0.0.1:" + Trial.freePort() + "/acme/base:1";
        write("api/Dockerfile", "FROM " + base);

        Diagnosis diagnosis = trial.failedUp(trial.stack(api()), UpOptions.DEFAULT);

        assertThat(diagnosis.text())
                .startsWith("'api' failed while building its image: Image '" + base
                        + "' is not here, no registry can be" + " reached (");
        assertThat(trial.leftovers()).isEmpty();
    }
}
