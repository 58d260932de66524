package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** What {@code dev} does for who works on the API: the four servers, and how to run the API on the host. */
class DevIT {
    private static final Duration SOON = Duration.ofMinutes(5);

    @RegisterExtension
    static final WholeStack stack = new WholeStack();

    @RegisterExtension
    static final Launcher launcher = Launcher.create();

    private static Ports ports;
    private static Run dev;

    @BeforeAll
    static void bringUpTheServers() throws Exception {
        ports = Ports.free();
        ports.use(launcher);
        BrokenApiIT.copySample(launcher.project());
        dev = launcher.run("dev", "frostbyte");
        assertThat(dev.exitCode()).as(dev.toString()).isZero();
    }

    @Test
    @Row("frostbyte.dev")
    @Row("settled.stack-word")
    void devWhenNothingRunsStartsTheFourServersAlone() {
        assertThat(Docker.containers(launcher.prefix("dev"))).containsOnlyKeys("redis", "postgres", "minio", "qdrant");
        assertThat(Docker.running(launcher.prefix("dev"))).hasSize(4);
    }

    @Test
    @Row("common.start-screen")
    void devWhenDoneShowsOfEachServiceStateHealthAddressAndTime() {
        assertThat(dev.out()).containsPattern("SERVICE +STATE +HEALTH +ADDRESS +TOOK");
        assertThat(dev.out())
                .containsPattern("redis +running +healthy +127.0.0.1:" + ports.redis() + " +[0-9.]+ s")
                .containsPattern("postgres +running +healthy +127.0.0.1:" + ports.postgres() + " +[0-9.]+ s")
                .containsPattern("ready in [0-9.]+ s: [a-z]+ [0-9.]+");
    }

    @Test
    @Row("frostbyte.dev")
    void devWhenRunAgainIsANoOp() throws Exception {
        Map<String, String> before = Docker.running(launcher.prefix("dev"));

        Run again = launcher.run("dev", "frostbyte");

        assertThat(again.exitCode()).as(again.toString()).isZero();
        assertThat(again.out()).contains("is up; nothing to change.");
        assertThat(Docker.running(launcher.prefix("dev"))).isEqualTo(before);
    }

    /**
     * The lines are run as they were printed, where the host's addresses hold and the API's libraries are: in a
     * container on the host's network.
     */
    @Test
    @Row("frostbyte.dev")
    @Row("frostbyte.dev-api-runs")
    void commandsWhenTakenFromTheScreenRunTheApi() throws Exception {
        String printed = dev.out()
                .substring(dev.out().indexOf("To run pipeline-api on this host:"))
                .lines()
                .filter(line -> line.startsWith("  "))
                .map(String::strip)
                .collect(Collectors.joining("\n"));
        assertThat(printed).contains("uvicorn pipeline.main:app --reload --port " + ports.api());
        String name = launcher.prefix("host");
        String source = launcher.project().resolve("pipeline").toString();
        Docker.run(
                "create",
                "--name",
                name,
                "--network",
                "host",
                "--user",
                "root",
                Docker.inspect(stack.container("pipeline-api")).text("Image"),
                "sh",
                "-c",
                printed);
        try {
            Docker.run("cp", copyWithParents(), name + ":/");
            Docker.run("start", name);

            Api api = new Api(ports.api(), "");
            await("the API on the host, from " + source)
                    .atMost(SOON)
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(api.get("/health").statusCode()).isEqualTo(200));
            api.post("from-the-host.md", "Posted to the API that runs on the host.");
            assertThat(api.search("runs on the host")).containsOnlyKeys("from-the-host.md");

            Run check = launcher.run("check", "frostbyte", "--output", "json");
            assertThat(CheckIT.finding(check, "pipeline-api").get("text").toString())
                    .contains("this host");
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + Docker.run("logs", name), e);
        } finally {
            Docker.run("rm", "--force", "--volumes", name);
        }
    }

    /** The project's directory as it is seen from the root, for {@code docker cp}, which makes no parents. */
    private static String copyWithParents() throws Exception {
        var root = Files.createDirectories(launcher.state().resolve("root"));
        var there = root.resolve(launcher.project().toString().substring(1));
        Files.createDirectories(there);
        BrokenApiIT.copySample(there);
        return root + "/.";
    }

    @Test
    @Row("common.dotenv")
    @Row("settled.service-variables")
    @Row("trouble.changed-setting")
    @Row("common.data-survives-upgrade")
    void dotEnvWhenItSetsPortImageAndLimitRecreatesJustThatServiceAndKeepsItsData() throws Exception {
        Map<String, String> before = Docker.running(launcher.prefix("dev"));
        try (Jedis redis = new Servers(ports).redis()) {
            redis.set("kept", "over the change");
        }
        String tag = "withstack-it/redis:" + launcher.prefix("dev");
        Docker.run("tag", Docker.inspect(launcher.prefix("dev") + "-redis").text("Image"), tag);
        int port = Ports.free().redis();
        try {
            launcher.withoutEnvironment("REDIS_PORT")
                    .dotEnv("REDIS_PORT=" + port, "REDIS_IMAGE=" + tag, "REDIS_MEMORY=96m");

            Run changed = launcher.run("dev", "frostbyte");

            assertThat(changed.exitCode()).as(changed.toString()).isZero();
            Docker.Facts redis = Docker.inspect(launcher.prefix("dev") + "-redis");
            assertThat(redis.publishedPorts()).containsEntry("6379/tcp", "127.0.0.1:" + port);
            assertThat(redis.text("Config", "Image")).isEqualTo(tag);
            assertThat(redis.number("HostConfig", "Memory")).isEqualTo(96L * 1024 * 1024);
            Map<String, String> after = Docker.running(launcher.prefix("dev"));
            assertThat(after.get("redis")).isNotEqualTo(before.get("redis"));
            after.remove("redis");
            assertThat(before).containsAllEntriesOf(after);
            try (Jedis client = new Jedis("127.0.0.1", port)) {
                assertThat(client.get("kept")).isEqualTo("over the change");
            }
        } finally {
            Files.deleteIfExists(launcher.project().resolve(".env"));
            ports.use(launcher);
            Run back = launcher.run("dev", "frostbyte");
            Docker.run("rmi", tag);
            assertThat(back.exitCode()).as(back.toString()).isZero();
        }
    }

    @Test
    @Row("settled.external")
    void urlWhenItNamesAnotherHostMakesThatServiceExternalAndIsCheckedAndSaid() throws Exception {
        Launcher other = Launcher.create();
        other.open();
        try {
            Ports.free().use(other);
            String there = "postgresql+asyncpg://frostbyte:frostbyte@127.0.0.1:"
                    + stack.ports().postgres() + "/frostbyte";

            Run run = other.environment("POSTGRES_URL", there).run("dev", "frostbyte");
            Run nobody = other.environment("POSTGRES_URL", there.replaceFirst(":[0-9]+/", ":1/"))
                    .run("dev", "frostbyte", "--timeout", "3s");

            assertThat(run.exitCode()).as(run.toString()).isZero();
            assertThat(Docker.containers(other.prefix("dev"))).containsOnlyKeys("redis", "minio", "qdrant");
            assertThat(run.out()).containsPattern("postgres +external");
            assertThat(nobody.exitCode()).as(nobody.toString()).isIn(5, 6);
            assertThat(nobody.err()).contains("postgres", "127.0.0.1:1");
        } finally {
            other.close();
        }
    }
}
