package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code prod} with good secrets: brought up once, stayed with, and left running by Ctrl-C at the end. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ProdIT {
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration SOON = Duration.ofMinutes(5);

    private static final Map<String, String> SECRETS = new LinkedHashMap<>(Map.of(
            "FROSTBYTE_ADMIN_API_KEY", "adminkey-Qz7vT2mXw9Lk4Rf8Hs6Jd3Pb5Nc1",
            "JWT_SECRET", "jwtsecret-Wy5uG8eKq2Zn7Vh4Tx9Mr6Cs3Bd1Fa0",
            "POSTGRES_PASSWORD", "pgpassword-Lp4oI9uY3tR7eW2q",
            "MINIO_ROOT_PASSWORD", "miniopassword-Zx8cV5bN1mK6jH3g"));

    @RegisterExtension
    static final Launcher launcher = Launcher.create();

    private static Ports ports;
    private static LiveRun prod;

    @BeforeAll
    static void bringUp() throws Exception {
        ports = Ports.free();
        launcher.in(Launcher.samples().resolve("frostbyte"))
                .environment("PIPELINE_API_PORT", Integer.toString(ports.api()))
                .environment("ADMIN_DASHBOARD_PORT", Integer.toString(ports.dashboard()));
        SECRETS.forEach(launcher::environment);
        prod = launcher.begin("prod", "frostbyte");
        prod.awaitOutput("Ctrl-C leaves it running", LONGEST);
    }

    @AfterAll
    static void leave() {
        prod.close();
    }

    @Test
    @Order(1)
    @Row("frostbyte.prod")
    void prodWhenTheSecretsAreGoodBringsUpAllSixWithTheProductionBuild() {
        assertThat(Docker.running(launcher.prefix("prod")))
                .containsOnlyKeys("redis", "postgres", "minio", "qdrant", "pipeline-api", "admin-dashboard");
        assertThat(facts("pipeline-api").text("Config", "Cmd")).contains("pipeline.serve");
        assertThat(facts("pipeline-api").environment())
                .containsEntry("WEB_CONCURRENCY", "2")
                .containsEntry("FROSTBYTE_AUTH_BYPASS", "false")
                .containsEntry("FROSTBYTE_ADMIN_API_KEY", SECRETS.get("FROSTBYTE_ADMIN_API_KEY"));
        assertThat(facts("admin-dashboard").environment()).containsEntry("NODE_ENV", "production");
    }

    @Test
    @Order(2)
    @Row("settled.prod-databases")
    void prodWhenNothingElseIsAskedForPublishesNoServer() {
        assertThat(List.of("redis", "postgres", "minio", "qdrant"))
                .allSatisfy(server ->
                        assertThat(facts(server).publishedPorts()).as(server).isEmpty());
        assertThat(facts("pipeline-api").publishedPorts()).containsOnlyKeys("8000/tcp");
        assertThat(facts("admin-dashboard").publishedPorts()).containsOnlyKeys("5174/tcp");
    }

    @Test
    @Order(3)
    @Row("frostbyte.prod")
    void apiWhenNoKeyIsSentLetsNobodyIn() throws Exception {
        assertThat(new Api(ports.api(), "").get("/api/v1/documents").statusCode())
                .isEqualTo(401);
        assertThat(new Api(ports.api(), "dev-key-change-in-production")
                        .get("/api/v1/documents")
                        .statusCode())
                .isEqualTo(401);
        assertThat(api().get("/api/v1/documents").statusCode()).isEqualTo(200);
    }

    @Test
    @Order(4)
    @Row("frostbyte.stream-workers")
    void streamWhenAnotherWorkerTakesTheDocumentShowsItsStagesAllTheSame() throws Exception {
        Map<Object, EventStream> streams = new LinkedHashMap<>();
        List<EventStream> opened = new ArrayList<>();
        try {
            for (int attempt = 0; streams.size() < 2 && attempt < 60; attempt++) {
                EventStream stream = api().stream();
                opened.add(stream);
                streams.putIfAbsent(stream.event().get("worker"), stream);
            }
            assertThat(streams).as("streams of two workers").hasSize(2);

            Map<String, Object> document = api().post("workers.md", "One worker tells, the other one shows.");

            Object taker = document.get("worker");
            assertThat(streams).containsKey(taker);
            for (Map.Entry<Object, EventStream> stream : streams.entrySet()) {
                List<Map<String, Object>> events = stream.getValue().untilDone(String.valueOf(document.get("id")));
                assertThat(events)
                        .as("told by worker %s, shown by worker %s", taker, stream.getKey())
                        .allSatisfy(event -> assertThat(event).containsEntry("worker", taker));
                assertThat(events)
                        .extracting(event -> event.get("stage"))
                        .containsExactly("RECEIVED", "STORED", "EXTRACTED", "EMBEDDED", "INDEXED", "DONE");
            }
        } finally {
            for (EventStream stream : opened) {
                stream.close();
            }
        }
    }

    @Test
    @Order(5)
    @Row("settled.environments-apart")
    void devBesideProdSharesNoNameNoVolumeAndNoAddressWithIt() throws Exception {
        launcher.environment("REDIS_PORT", Integer.toString(ports.redis()));
        Run dev = launcher.run("dev", "frostbyte", "redis");
        launcher.withoutEnvironment("REDIS_PORT");
        assertThat(dev.exitCode()).as(dev.toString()).isZero();

        Docker.Facts inDev = Docker.inspect(launcher.prefix("dev") + "-redis");
        Docker.Facts inProd = facts("redis");
        assertThat(inDev.networks()).doesNotContainAnyElementsOf(inProd.networks());
        assertThat(inDev.volumes()).doesNotContainKeys(inProd.volumes().keySet().toArray(String[]::new));
        assertThat(addressesOfRedisSeenBy("dev", "redis")).containsExactly(inDev.address());
        assertThat(addressesOfRedisSeenBy("prod", "postgres")).containsExactly(inProd.address());
        Docker.run("exec", launcher.prefix("dev") + "-redis", "redis-cli", "set", "where", "dev");
        assertThat(Docker.run("exec", launcher.prefix("prod") + "-redis", "redis-cli", "get", "where"))
                .isEmpty();
        assertThat(launcher.run("exec", "frostbyte", "--env", "dev", "redis", "getent", "hosts", "postgres")
                        .exitCode())
                .as("postgres, which runs in prod alone, has no name in dev")
                .isNotZero();

        Run down = launcher.run("down", "frostbyte", "--env", "dev", "--volumes", "--yes");
        assertThat(down.exitCode()).as(down.toString()).isZero();
        assertThat(Docker.running(launcher.prefix("prod"))).hasSize(6);
    }

    @Test
    @Order(6)
    @Row("frostbyte.restart-policy")
    void serviceWhenItsMainProcessEndsIsStartedAgain() {
        String before = facts("admin-dashboard").text("State", "StartedAt");

        Docker.run("exec", launcher.prefix("prod") + "-admin-dashboard", "sh", "-c", "kill -TERM 1");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(facts("admin-dashboard").text("State", "StartedAt"))
                        .isNotEqualTo(before));
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> Servers.get("http://127.0.0.1:" + ports.dashboard() + "/admin/")
                                .statusCode()
                        == 200);
        assertThat(facts("admin-dashboard").number("RestartCount")).isPositive();
    }

    @Test
    @Order(7)
    @Row("frostbyte.unhealthy-restarted")
    @Row("settled.watch")
    void serviceWhenItStaysUnhealthyIsRestartedByTheLauncherThatWatches() throws Exception {
        String before = facts("redis").text("State", "StartedAt");
        // a password that nobody knows: redis runs, and its check fails at once
        Docker.run("exec", launcher.prefix("prod") + "-redis", "redis-cli", "config", "set", "requirepass", "unknown");

        prod.awaitOutput("restarted redis (unhealthy", SOON);

        assertThat(facts("redis").text("State", "StartedAt")).isNotEqualTo(before);
        assertThat(Docker.run("exec", launcher.prefix("prod") + "-redis", "redis-cli", "ping"))
                .isEqualTo("PONG");
    }

    @Test
    @Order(8)
    @Row("settled.watch")
    void prodWhenInterruptedLeavesEverythingRunning() throws Exception {
        Run run = prod.interrupt().await(SOON);

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(130);
        assertThat(run.out()).contains("it goes on running");
        assertThat(Docker.running(launcher.prefix("prod"))).hasSize(6);
        Run status = launcher.run("status", "frostbyte");
        assertThat(status.exitCode()).as(status.toString()).isIn(0, 8);
        assertThat(status.out()).contains("frostbyte (prod");
    }

    @Test
    @Order(9)
    @Row("settled.credentials")
    void prodWhenThePasswordIsNotTheOneTheVolumeWasMadeWithSaysSoAndWhatToDo() throws Exception {
        Map<String, String> before = Docker.running(launcher.prefix("prod"));

        Run run = launcher.run("prod", "frostbyte", "--set", "POSTGRES_PASSWORD=another-password-of-mine");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(5);
        assertThat(run.err())
                .contains("'postgres' failed while becoming ready: PostgreSQL refuses the configured login")
                .contains("takes user and password only when its volume is new", "ALTER ROLE", "reset")
                .contains("held back: pipeline-api");
        assertThat(Docker.running(launcher.prefix("prod")))
                .as("what was replaced runs again")
                .isEqualTo(before);
    }

    @Test
    @Order(10)
    void secretsWhenAnythingIsPrintedOrKeptStandNowhere() throws Exception {
        for (String output : List.of("plain", "json")) {
            for (String command : List.of("status", "urls", "env", "list", "check", "plan")) {
                launcher.run(command, "--stack", "frostbyte", "--output", output);
            }
        }
        launcher.run("plan", "prod", "frostbyte", "--set", "POSTGRES_PASSWORD=another-password-of-mine");
        launcher.run("env", "frostbyte", "pipeline-api", "--for", "container", "--format", "shell");
        launcher.run("logs", "frostbyte", "--tail", "all");
        launcher.run("logs", "frostbyte", "--output", "json");
        launcher.run("prod", "frostbyte", "--set", "FROSTBYTE_AUTH_BYPASS=true", "--stacktrace");
        launcher.run("prod", "frostbyte", "--set", "JWT_SECRET=too-short-a-secret", "--output", "json");
        launcher.run("plan", "prod", "frostbyte", "--set", "POSTGRES_URL=postgresql://u:anotherpass@:bad");
        launcher.run("stop", "frostbyte", "pipeline-api");

        List<String> hidden = new ArrayList<>(SECRETS.values());
        hidden.addAll(List.of("another-password-of-mine", "too-short-a-secret", "anotherpass"));
        assertThat(launcher.runs()).hasSizeGreaterThan(20);
        for (Run run : launcher.runs()) {
            assertThat(run.out() + run.err()).as(run.command().toString()).doesNotContain(hidden);
        }
        assertThat(filesOf(launcher.state())).as("the launcher's state").doesNotContain(hidden);
        for (String service : Docker.containers(launcher.prefix("prod")).keySet()) {
            assertThat(facts(service).text("Config", "Labels")).as(service).doesNotContain(hidden);
        }
    }

    private static String filesOf(Path directory) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    private static List<String> addressesOfRedisSeenBy(String environment, String service) {
        return Docker.run("exec", launcher.prefix(environment) + "-" + service, "getent", "ahostsv4", "redis")
                .lines()
                .map(line -> line.split(" ")[0])
                .distinct()
                .toList();
    }

    private static Api api() {
        return new Api(ports.api(), SECRETS.get("FROSTBYTE_ADMIN_API_KEY"));
    }

    private static Docker.Facts facts(String service) {
        return Docker.inspect(launcher.prefix("prod") + "-" + service);
    }
}
