package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad luck in the middle of a start: what is said of it, how soon, and that nothing half-started stays. */
class TroubleIT {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    @RegisterExtension
    static final WholeStack stack = new WholeStack();

    @RegisterExtension
    final Launcher launcher = Launcher.create();

    private Ports ports;

    @BeforeEach
    void movePorts() {
        ports = Ports.free();
        ports.use(launcher);
    }

    @Test
    @Row("trouble.interrupt")
    void devWhenInterruptedWhileStartingLeavesNothingHalfStarted() throws Exception {
        // one that never gets ready, so that the interrupt comes in the middle however slow this machine is
        String image = image("silent", "[\"sleep\", \"1000\"]");
        try (LiveRun live = launcher.begin("dev", "frostbyte", "--output", "json", "--set", "REDIS_IMAGE=" + image)) {
            Run run = live.awaitOutput("\"step\":\"await redis\"", LONGEST)
                    .awaitOutput("\"event\":\"ready\"", LONGEST)
                    .interrupt()
                    .await(LONGEST);

            assertThat(run.exitCode()).as(run.toString()).isEqualTo(130);
        } finally {
            Docker.run("rmi", "--force", image);
        }
        assertThat(Docker.containers(launcher.prefix("dev"))).isEmpty();
        assertThat(Docker.networks(launcher.prefix("dev"))).isEmpty();
    }

    @Test
    @Row("trouble.two-launchers")
    void devWhenAnotherLauncherIsAtWorkWaitsAndSaysForWhom() throws Exception {
        String image = image("silent", "[\"sleep\", \"1000\"]");
        try (LiveRun first = launcher.begin("dev", "frostbyte", "--set", "REDIS_IMAGE=" + image)) {
            first.awaitOutput("redis: ", LONGEST);
            try (LiveRun second = launcher.begin("dev", "frostbyte")) {
                second.awaitOutput("Waiting for pid " + first.pid(), LONGEST);

                Run one = first.interrupt().await(LONGEST);
                Run two = second.await(LONGEST);

                assertThat(one.exitCode()).as(one.toString()).isEqualTo(130);
                assertThat(two.exitCode()).as(two.toString()).isZero();
            }
        } finally {
            Docker.run("rmi", "--force", image);
        }
        assertThat(Docker.running(launcher.prefix("dev"))).hasSize(4);
    }

    @Test
    @Row("trouble.no-image")
    void devWhenAnImageDoesNotExistNamesItAndStartsNothing() throws Exception {
        Run run = launcher.run("dev", "frostbyte", "--set", "REDIS_IMAGE=withstack-it.invalid/no/such-image:1");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(5);
        assertThat(run.err()).contains("redis").contains("withstack-it.invalid/no/such-image:1");
        assertNothingStays();
    }

    @Test
    @Row("trouble.never-listens")
    void startWhenAServiceNeverListensFailsAtItsTimeoutWithTheLastAnswer() throws Exception {
        String image = image("silent", "[\"sleep\", \"1000\"]");

        Run run = launcher.run("dev", "frostbyte", "redis", "--timeout", "2s", "--set", "REDIS_IMAGE=" + image);
        Docker.run("rmi", image);

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(6);
        assertThat(run.err()).contains("not ready after 2 s.", "last probe answer: connection refused");
        assertNothingStays();
    }

    @ParameterizedTest
    @CsvSource({"sleep 0, 3", "sleep 0.3, 7"})
    @Row("trouble.exits-at-once")
    @Row("trouble.exits-soon")
    @Row("common.failure")
    void devWhenAServiceExitsSaysHowAndShowsItsLogAndLeavesNothing(String pause, int code) throws Exception {
        String script = pause + "; echo the disk is full; exit " + code;
        String image = image("dying", "[\"sh\", \"-c\", \"" + script + "\"]");

        Run run = launcher.run("dev", "frostbyte", "redis", "--set", "REDIS_IMAGE=" + image);
        Docker.run("rmi", image);

        assertThat(run.exitCode()).as("failed, not timed out: " + run).isEqualTo(5);
        assertThat(run.err())
                .contains("'redis' failed while becoming ready: exited with code " + code)
                .contains("| the disk is full");
        assertNothingStays();
    }

    @Test
    @Row("trouble.answers-500")
    @Row("trouble.never-healthy")
    @Row("common.image-variable")
    void startWhenAServiceAnswers500FailsAtItsTimeoutWithThatAnswer() throws Exception {
        String image = "withstack-it/five-hundred:" + launcher.prefix("dev");
        Path directory = Files.createDirectories(launcher.state().resolve("image"));
        Files.writeString(
                directory.resolve("Dockerfile"),
                "FROM " + Docker.inspect(stack.container("pipeline-api")).text("Config", "Image")
                        + "\nCOPY main.py pipeline/main.py\n");
        Files.writeString(
                directory.resolve("main.py"),
                """
                async def app(scope, receive, send):
                    if scope["type"] == "http":
                        await send({"type": "http.response.start", "status": 500, "headers": []})
                        await send({"type": "http.response.body", "body": b"the pipeline is broken"})
                """);
        Docker.run("build", "--quiet", "--tag", image, directory.toString());
        launcher.environment("PIPELINE_API_IMAGE", image);
        useTheServersOfTheStack();

        Run run = launcher.run("start", "frostbyte", "pipeline-api", "--timeout", "6s", "--keep");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(6);
        assertThat(run.err()).contains("'pipeline-api'", "last probe answer: ", "500");
        assertThat(Docker.inspect(launcher.prefix("dev") + "-pipeline-api").text("Config", "Image"))
                .isEqualTo(image);
        assertThat(launcher.run("down", "frostbyte").exitCode()).isZero();
        Docker.run("rmi", image);
    }

    @Test
    @Row("settled.only")
    void onlyWhenWhatItNeedsIsNotThereSaysSoAndStartsNothing() throws Exception {
        BrokenApiIT.copySample(launcher.project());

        Run run = launcher.run("start", "frostbyte", "--only", "pipeline-api");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(5);
        assertThat(run.err()).contains("redis", "postgres", "minio", "qdrant");
        assertNothingStays();
    }

    @Test
    @Row("settled.infra")
    void infraWhenTheProjectHasNoSourceStartsTheServersAlone() throws Exception {
        Run run = launcher.run("start", "frostbyte", "--infra");

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(Docker.running(launcher.prefix("dev"))).containsOnlyKeys("redis", "postgres", "minio", "qdrant");
    }

    /** Take the servers of the running stack for those of this copy: only what is tried here has to be started. */
    private void useTheServersOfTheStack() {
        launcher.environment(
                        "POSTGRES_URL",
                        "postgresql+asyncpg://frostbyte:frostbyte@" + addressOf("postgres") + ":5432/frostbyte")
                .environment("REDIS_URL", "redis://" + addressOf("redis") + ":6379/0")
                .environment("MINIO_ENDPOINT", "http://" + addressOf("minio") + ":9000")
                .environment("QDRANT_URL", "http://" + addressOf("qdrant") + ":6333");
    }

    private static String addressOf(String service) {
        return Docker.inspect(stack.container(service)).address();
    }

    /** Make an image that is Redis in all but what it does when it starts. */
    private String image(String name, String command) throws Exception {
        String image = "withstack-it/" + name + ":" + launcher.prefix("dev");
        Path directory = Files.createDirectories(launcher.state().resolve(name));
        Files.writeString(
                directory.resolve("Dockerfile"),
                "FROM " + Docker.inspect(stack.container("redis")).text("Config", "Image") + "\nENTRYPOINT " + command
                        + "\nCMD []\n");
        Docker.run("build", "--quiet", "--tag", image, directory.toString());
        return image;
    }

    private void assertNothingStays() {
        assertThat(Docker.containers(launcher.prefix("dev"))).isEmpty();
        assertThat(Docker.networks(launcher.prefix("dev"))).isEmpty();
        assertThat(List.copyOf(Docker.volumesEndingWith(launcher.prefix("dev").substring("frostbyte".length()))))
                .isEmpty();
    }
}
