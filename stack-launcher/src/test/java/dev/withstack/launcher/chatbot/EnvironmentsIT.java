package dev.withstack.launcher.chatbot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.FreePorts;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** dev, stage and prod at the same time on one base; in the end they go one after the other, and the base last. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EnvironmentsIT {
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final List<String> ALL = List.of("dev", "stage", "prod");
    private static final List<String> BASE =
            List.of("postgres", "redis", "qdrant", "minio", "prometheus", "grafana", "nginx");

    @RegisterExtension
    static final Launcher launcher = Launcher.of("chatbot", "shia-chatbot").onBase();

    private static final Map<String, Integer> PORTS = new LinkedHashMap<>();
    private static LiveRun prod;
    private static String image;

    @BeforeAll
    static void bringUp() throws Exception {
        writeProject();
        Run dev = begin("dev").await(LONGEST);
        assertThat(dev.exitCode()).as(dev.toString()).isZero();
        image = Docker.inspect(container("dev", "app")).text("Config", "Image");
        LiveRun stage = begin("stage");
        prod = begin("prod");
        assertThat(stage.await(LONGEST).exitCode()).as(stage.printed()).isZero();
        prod.awaitOutput("Ctrl-C leaves it running", LONGEST);
    }

    @AfterAll
    static void leave() {
        if (prod != null) {
            prod.close();
        }
    }

    private static LiveRun begin(String environment) throws IOException {
        LiveRun run = launcher.begin(environment, "chatbot", "--timeout", "10m");
        run.input().close();
        return run;
    }

    private static Run run(String... arguments) throws IOException, InterruptedException {
        try (LiveRun run = launcher.begin(arguments)) {
            run.input().close();
            return run.await(LONGEST);
        }
    }

    private static void writeProject() throws IOException, InterruptedException {
        Path sample = Launcher.samples().resolve("chatbot");
        try (Stream<Path> files = Files.walk(sample)) {
            for (Path file :
                    files.filter(one -> !one.toString().contains("__pycache__")).toList()) {
                Path copy = launcher.project().resolve(sample.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        Run init = launcher.run("init", "chatbot");
        assertThat(init.exitCode()).as(init.toString()).isZero();
        assertThat(launcher.project().resolve(".env"))
                .content()
                .contains("\nNGINX_CERTIFICATE=certs/nginx.crt\n", "\nNGINX_CERTIFICATE_KEY=certs/nginx.key\n");
        PORTS.clear();
        int next = FreePorts.inARow(16);
        for (String setting : List.of(
                "POSTGRES_PORT",
                "REDIS_PORT",
                "QDRANT_PORT",
                "QDRANT_GRPC_PORT",
                "MINIO_PORT",
                "MINIO_CONSOLE_PORT",
                "PROMETHEUS_PORT",
                "GRAFANA_PORT",
                "NGINX_PORT",
                "NGINX_HTTPS_PORT")) {
            PORTS.put(setting, next++);
        }
        List<String> shared = new ArrayList<>(List.of(
                "SECRET_KEY=secret-Qz7vT2mXw9Lk4Rf8Hs6Jd3Pb5Nc1",
                "OPENROUTER_API_KEY=sk-or-Wy5uG8eKq2Zn7Vh4Tx9Mr6Cs3Bd1Fa0",
                "POSTGRES_PASSWORD=pgpassword-Lp4oI9uY3tR7eW2q",
                "MINIO_ROOT_PASSWORD=miniopassword-Zx8cV5bN1mK6",
                "GRAFANA_ADMIN_PASSWORD=grafana-Xw8cV5bN1mK6",
                "NGINX_CERTIFICATE=certs/nginx.crt",
                "NGINX_CERTIFICATE_KEY=certs/nginx.key",
                "LANGFUSE_HOST=https://langfuse.example.com"));
        PORTS.forEach((setting, port) -> shared.add(setting + "=" + port));
        launcher.dotEnv(shared.toArray(String[]::new));
        for (String environment : ALL) {
            PORTS.put(environment + " app", next++);
            PORTS.put(environment + " flower", next++);
            List<String> own = new ArrayList<>(List.of(
                    "APP_PORT=" + PORTS.get(environment + " app"),
                    "FLOWER_PORT=" + PORTS.get(environment + " flower")));
            if (!environment.equals("dev")) {
                own.add("SECRET_KEY=" + environment + "-Qz7vT2mXw9Lk4Rf8Hs6Jd3Pb5Nc1x");
            }
            Files.write(launcher.project().resolve(".env." + environment), own);
        }
    }

    private static int app(String environment) {
        return PORTS.get(environment + " app");
    }

    private static String container(String environment, String service) {
        return launcher.prefix(environment) + "-" + service;
    }

    /** Return the container that the service's program runs in: in prod the application stands behind an entry. */
    private static String program(String environment, String service) {
        return container(environment, environment.equals("prod") && service.equals("app") ? "app-1" : service);
    }

    private static String ofBase(String service) {
        return launcher.basePrefix() + "-" + service;
    }

    private static Map<String, Object> chat(String environment, String message) throws IOException {
        Http.Answer answer =
                Http.post(app(environment), "/api/v1/chat", "{\"message\": \"" + message + "\", \"author\": \"it\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static Object messages(String environment) throws IOException {
        return Http.get(app(environment), "/api/v1/messages").json().get("count");
    }

    private static String psql(String database, String statement) {
        return Docker.run("exec", ofBase("postgres"), "psql", "-U", "postgres", "-d", database, "-qtAc", statement);
    }

    private static String inBase(String service, String... command) {
        List<String> words = new ArrayList<>(List.of("exec", ofBase(service)));
        words.addAll(List.of(command));
        return Docker.run(words.toArray(String[]::new));
    }

    @Test
    @Order(1)
    @Row("chatbot.all-three")
    @Row("chatbot.container-names")
    @Row("chatbot.base-shared")
    void environmentsWhenAllAreUpRunOnOneBase() {
        for (String environment : ALL) {
            List<String> services = new ArrayList<>(List.of("app", "celery-worker", "flower"));
            if (environment.equals("prod")) {
                services.add("app-1");
            }
            assertThat(Docker.running(launcher.prefix(environment)))
                    .as(environment)
                    .containsOnlyKeys(services.toArray(String[]::new));
        }
        for (String service : BASE) {
            assertThat(Docker.inspect(ofBase(service)).text("State", "Status"))
                    .as(service)
                    .isEqualTo("running");
        }
    }

    @Test
    @Order(2)
    @Row("chatbot.postgres")
    @Row("chatbot.redis")
    @Row("chatbot.qdrant")
    @Row("chatbot.minio")
    @Row("chatbot.prometheus")
    @Row("chatbot.grafana")
    void serversWhenAskedAnswerAtTheirPorts() throws Exception {
        assertThat(inBase("postgres", "pg_isready", "-U", "postgres")).contains("accepting connections");
        assertThat(inBase("redis", "redis-cli", "ping")).isEqualTo("PONG");
        assertThat(Http.get(PORTS.get("QDRANT_PORT"), "/healthz").status()).isEqualTo(200);
        assertThat(Http.get(PORTS.get("MINIO_PORT"), "/minio/health/live").status())
                .isEqualTo(200);
        assertThat(Http.get(PORTS.get("PROMETHEUS_PORT"), "/-/healthy").status())
                .isEqualTo(200);
        assertThat(Http.get(PORTS.get("GRAFANA_PORT"), "/api/health").status()).isEqualTo(200);
        assertThat(Docker.inspect(ofBase("postgres")).publishedPorts())
                .containsEntry("5432/tcp", "127.0.0.1:" + PORTS.get("POSTGRES_PORT"));
        assertThat(Docker.inspect(ofBase("redis")).publishedPorts())
                .containsEntry("6379/tcp", "127.0.0.1:" + PORTS.get("REDIS_PORT"));
    }

    @Test
    @Order(3)
    @Row("chatbot.environment-variable")
    @Row("chatbot.databases")
    @Row("chatbot.redis-databases")
    @Row("chatbot.collections")
    @Row("chatbot.buckets")
    @Row("chatbot.dev")
    @Row("chatbot.stage")
    @Row("chatbot.prod")
    @Row("chatbot.variables")
    void variablesWhenAnEnvironmentRunsAreItsOwn() {
        Map<String, List<String>> documented = Map.of(
                "dev", List.of("0", "DEBUG", "1", "true"),
                "stage", List.of("1", "INFO", "2", "false"),
                "prod", List.of("2", "WARNING", "4", "false"));
        for (String environment : ALL) {
            List<String> ways = documented.get(environment);
            for (String service : List.of("app", "celery-worker")) {
                Map<String, String> variables =
                        Docker.inspect(program(environment, service)).environment();
                assertThat(variables)
                        .as(environment + " " + service)
                        .containsEntry("ENVIRONMENT", environment)
                        .containsEntry("REDIS_URL", "redis://redis:6379/" + ways.get(0))
                        .containsEntry("LOG_LEVEL", ways.get(1))
                        .containsEntry("WORKERS", ways.get(2))
                        .containsEntry("DEBUG", ways.get(3))
                        .containsEntry("QDRANT_URL", "http://qdrant:6333")
                        .containsEntry("QDRANT_COLLECTION_PREFIX", environment + "_")
                        .containsEntry("MINIO_URL", "http://minio:9000")
                        .containsEntry("MINIO_BUCKET_PREFIX", environment + "-")
                        .containsEntry("LANGFUSE_HOST", "https://langfuse.example.com")
                        .containsKeys("SECRET_KEY", "OPENROUTER_API_KEY");
                assertThat(variables.get("DATABASE_URL")).endsWith("@postgres:5432/" + environment + "_shia_chatbot");
            }
        }
        assertThat(psql("postgres", "SELECT datname FROM pg_database").lines())
                .contains("dev_shia_chatbot", "stage_shia_chatbot", "prod_shia_chatbot");
    }

    @Test
    @Order(4)
    @Row("chatbot.names-apart")
    @Row("settled.environments-apart")
    void namesWhenAskedFromInsideLeadToTheEnvironmentsOwn() {
        for (String environment : ALL) {
            for (String name : List.of("app", "celery-worker", "flower")) {
                assertThat(addressesSeenBy(program(environment, "app"), name))
                        .as(name + " in " + environment)
                        .hasSize(1)
                        .isSubsetOf(addressesOf(container(environment, name)));
            }
        }
        for (String name : List.of("app", "celery-worker", "flower")) {
            assertThat(addressesSeenBy(ofBase("postgres"), name))
                    .as(name + " in the base")
                    .isEmpty();
        }
        assertThat(addressesSeenBy(ofBase("postgres"), "stage-app"))
                .hasSize(1)
                .isSubsetOf(addressesOf(container("stage", "app")));
    }

    private static List<String> addressesSeenBy(String container, String name) {
        return Docker.run("exec", container, "sh", "-c", "getent ahostsv4 " + name + " || true")
                .lines()
                .map(line -> line.split(" ")[0])
                .filter(address -> !address.isBlank())
                .distinct()
                .toList();
    }

    private static List<String> addressesOf(String container) {
        return Docker.run(
                        "inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}\n{{end}}", container)
                .lines()
                .toList();
    }

    @Test
    @Order(5)
    @Row("chatbot.app")
    void applicationWhenItIsTalkedToRemembersInItsOwnEnvironmentAlone() throws Exception {
        for (String environment : ALL) {
            assertThat(Http.get(app(environment), "/health").json())
                    .containsEntry("status", "healthy")
                    .containsEntry("environment", environment);
            assertThat(chat(environment, "the word of " + environment).get("like"))
                    .isEqualTo(List.of());
            assertThat(chat(environment, "again the word of " + environment).get("reply"))
                    .isEqualTo("That is like: the word of " + environment);
            assertThat(messages(environment)).as(environment).isEqualTo(2);
            assertThat(Http.send("PUT", app(environment), "localhost", "/api/v1/files/note", "kept by " + environment)
                            .status())
                    .isEqualTo(201);
        }
        for (String environment : ALL) {
            assertThat(Http.get(app(environment), "/api/v1/files/note").body()).isEqualTo("kept by " + environment);
        }
        assertThat(Docker.inspect(program("prod", "app")).text("Config", "Image"))
                .startsWith("shia-chatbot:");
    }

    @Test
    @Order(6)
    @Row("chatbot.task")
    @Row("chatbot.worker")
    @Row("chatbot.flower")
    void taskWhenItIsHandedOverRunsInItsOwnEnvironmentAndFlowerShowsIt() throws Exception {
        for (String environment : ALL) {
            Object id = Http.post(app(environment), "/api/v1/tasks", "{\"text\": \"one word and one more\"}")
                    .json()
                    .get("task");
            await().atMost(SOON).ignoreExceptions().untilAsserted(() -> assertThat(
                            Http.get(app(environment), "/api/v1/tasks/" + id)
                                    .json()
                                    .get("result"))
                    .isEqualTo(Map.of("environment", environment, "words", 5, "different", 4)));
            int flower = PORTS.get(environment + " flower");
            assertThat(Http.get(flower, "/healthcheck").status()).isEqualTo(200);
            await().atMost(SOON).ignoreExceptions().untilAsserted(() -> assertThat(
                            Http.get(flower, "/api/tasks").json().keySet())
                    .contains(String.valueOf(id)));
        }
        assertThat(Docker.inspect(container("dev", "celery-worker")).publishedPorts())
                .isEmpty();
    }

    @Test
    @Order(7)
    @Row("chatbot.hosts")
    @Row("chatbot.bare-address")
    @Row("chatbot.nginx")
    @Row("chatbot.certificate")
    void nginxWhenAHostIsNamedLeadsToItsEnvironment() throws Exception {
        int plain = PORTS.get("NGINX_PORT");
        int secure = PORTS.get("NGINX_HTTPS_PORT");
        for (String environment : ALL) {
            String host = environment + ".localhost";
            assertThat(Http.send("GET", plain, host, "/", "").json()).containsEntry("chatbot", environment);
            assertThat(Http.getSecurely(secure, host, "/").json()).containsEntry("chatbot", environment);
        }
        assertThat(Http.get(plain, "/").json()).containsEntry("chatbot", "prod");
        assertThat(Http.get(plain, "/health").body()).isEqualTo("healthy\n");
        assertThat(Http.certificate(secure, "dev.localhost")
                        .getSubjectX500Principal()
                        .getName())
                .contains("CN=localhost");
    }

    @Test
    @Order(8)
    @Row("chatbot.metrics")
    @Row("chatbot.metrics-listed")
    void prometheusWhenTheApplicationsAreUsedShowsIt() throws Exception {
        for (String environment : ALL) {
            assertThat(Http.get(app(environment), "/metrics").body())
                    .contains(
                            "http_requests_total{method=\"POST\",path=\"/api/v1/chat\",status=\"200\"}",
                            "http_request_duration_seconds_sum{method=\"POST\",path=\"/api/v1/chat\"}",
                            "http_requests_active",
                            "db_connections_active",
                            "db_queries_total",
                            "celery_tasks_total",
                            "chat_messages_total");
        }
        String query = "/api/v1/query?query=sum%20by%20(environment)%20(chat_messages_total)";
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> assertThat(
                        Http.get(PORTS.get("PROMETHEUS_PORT"), query).body())
                .contains("\"environment\":\"dev\"", "\"environment\":\"stage\"", "\"environment\":\"prod\"")
                .contains("\"2\"]"));
    }

    @Test
    @Order(9)
    @Row("chatbot.dashboards")
    void grafanaWhenItStartsHasTheFiveDashboards() throws Exception {
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> assertThat(
                        Http.get(PORTS.get("GRAFANA_PORT"), "/api/search?type=dash-db")
                                .body())
                .contains(
                        "Application Overview",
                        "Request Metrics",
                        "Database Performance",
                        "Celery Task Monitoring",
                        "System Resources"));
    }

    @Test
    @Order(10)
    @Row("chatbot.health")
    void checkWhenAllIsWellAnswersForEveryServiceOfTheTable() throws Exception {
        await().atMost(SOON).untilAsserted(() -> {
            Run status = run("status", "chatbot", "--env", "stage");
            assertThat(status.exitCode()).as(status.toString()).isZero();
            assertThat(status.out()).contains(BASE).contains("app", "celery-worker", "flower");
        });
        Run check = run("check", "chatbot", "--env", "stage");
        assertThat(check.exitCode()).as(check.toString()).isZero();
        assertThat(check.out()).contains(BASE).contains("app", "celery-worker", "flower");
        for (String service : List.of("app", "celery-worker", "flower")) {
            assertThat(Docker.inspect(container("stage", service)).text("Config", "Healthcheck", "Test"))
                    .as(service)
                    .contains(service.equals("celery-worker") ? "inspect ping" : "/health");
        }
    }

    @Test
    @Order(11)
    @Row("chatbot.limits")
    void limitsWhenItIsProdAreTheDocuments() {
        Docker.Facts app = Docker.inspect(program("prod", "app"));
        Docker.Facts worker = Docker.inspect(container("prod", "celery-worker"));
        long megabyte = 1024L * 1024;
        assertThat(app.number("HostConfig", "NanoCpus")).isEqualTo(2_000_000_000L);
        assertThat(app.number("HostConfig", "Memory")).isEqualTo(2048 * megabyte);
        assertThat(app.number("HostConfig", "MemoryReservation")).isEqualTo(1024 * megabyte);
        assertThat(worker.number("HostConfig", "NanoCpus")).isEqualTo(2_000_000_000L);
        assertThat(worker.number("HostConfig", "Memory")).isEqualTo(2048 * megabyte);
        assertThat(worker.number("HostConfig", "MemoryReservation")).isEqualTo(512 * megabyte);
        assertThat(Docker.inspect(container("dev", "app")).number("HostConfig", "Memory"))
                .isZero();
    }

    @Test
    @Order(12)
    @Row("chatbot.shared-refused")
    @Row("settled.shared-data-refused")
    void settingsWhenTwoEnvironmentsWouldShareDataAreRefused() throws Exception {
        for (String setting : List.of(
                "REDIS_DATABASE=2",
                "QDRANT_COLLECTION_PREFIX=prod_",
                "MINIO_BUCKET_PREFIX=prod-",
                "DATABASE_URL=postgresql+asyncpg://postgres:x@postgres:5432/prod_shia_chatbot")) {
            Run run = run("plan", "dev", "chatbot", "--set", setting);
            assertThat(run.exitCode()).as(run.toString()).isEqualTo(4);
            assertThat(run.err()).contains(setting.substring(0, setting.indexOf('=')));
        }
    }

    @Test
    @Order(13)
    @Row("chatbot.prod-refuses")
    void prodWhenASecretIsMissingOrOfTheBaseOrTheCertificateIsNotGivenRefuses() throws Exception {
        Run known = run(
                "plan",
                "prod",
                "chatbot",
                "--set",
                "SECRET_KEY=dev-secret-key-change-in-production",
                "--set",
                "POSTGRES_PASSWORD=postgres",
                "--set",
                "NGINX_CERTIFICATE=",
                "--set",
                "NGINX_CERTIFICATE_KEY=");
        assertThat(known.exitCode()).as(known.toString()).isEqualTo(4);
        assertThat(known.err()).contains("SECRET_KEY", "POSTGRES_PASSWORD", "NGINX_CERTIFICATE");
    }

    @Test
    @Order(14)
    @Row("chatbot.workers-four")
    void workerWhenItIsScaledToFourIsFourAndOneAgain() throws Exception {
        List<String> four = List.of("celery-worker", "celery-worker-2", "celery-worker-3", "celery-worker-4");

        Run up = run("scale", "chatbot", "--env", "dev", "celery-worker=4");

        assertThat(up.exitCode()).as(up.toString()).isZero();
        assertThat(Docker.running(launcher.prefix("dev"))).containsKeys(four.toArray(String[]::new));
        await().atMost(SOON).untilAsserted(() -> assertThat(Docker.run(
                        "exec",
                        container("dev", "celery-worker-4"),
                        "celery",
                        "-A",
                        "src.app.tasks",
                        "inspect",
                        "ping",
                        "--timeout",
                        "10"))
                .contains("4 nodes online"));
        Run down = run("scale", "chatbot", "--env", "dev", "celery-worker=1");
        assertThat(down.exitCode()).as(down.toString()).isZero();
        assertThat(Docker.containers(launcher.prefix("dev"))).containsOnlyKeys("app", "celery-worker", "flower");
    }

    @Test
    @Order(15)
    @Row("chatbot.blue-green")
    void deployWhenANewImageIsReadyTakesOverAndRollbackGoesBack() throws Exception {
        String before = Docker.inspect(program("prod", "app")).text("Config", "Image");
        String next = "shia-chatbot:" + suffix(launcher.prefix("prod")) + "-next";
        Docker.run("tag", image, next);
        try {
            Run deploy = run("deploy", "chatbot", "--env", "prod", "--image", next);

            assertThat(deploy.exitCode()).as(deploy.toString()).isZero();
            for (String service : List.of("app", "celery-worker")) {
                assertThat(Docker.inspect(program("prod", service)).text("Config", "Image"))
                        .as(service)
                        .isEqualTo(next);
            }
            assertThat(Docker.inspect(program("prod", "app") + ".kept").text("Config", "Image"))
                    .isEqualTo(before);
            assertThat(Http.get(app("prod"), "/health").json()).containsEntry("status", "healthy");

            Run rollback = run("rollback", "chatbot", "--env", "prod");

            assertThat(rollback.exitCode()).as(rollback.toString()).isZero();
            for (String service : List.of("app", "celery-worker")) {
                assertThat(Docker.inspect(program("prod", service)).text("Config", "Image"))
                        .as(service)
                        .isEqualTo(before);
            }
            assertThat(Http.get(app("prod"), "/health").json()).containsEntry("status", "healthy");
            Run accept = run("deploy", "chatbot", "--env", "prod", "--accept");
            assertThat(accept.exitCode()).as(accept.toString()).isZero();
            assertThat(Docker.containers(launcher.prefix("prod")))
                    .containsOnlyKeys("app", "app-1", "celery-worker", "flower");
        } finally {
            Docker.run("rmi", "--no-prune", next);
        }
    }

    @Test
    @Order(20)
    @Row("chatbot.late-upstreams")
    void nginxWhenAnApplicationIsMadeAnewFindsIt() throws Exception {
        String nginx = Docker.inspect(ofBase("nginx")).text("State", "StartedAt");
        Run down = run("down", "chatbot", "--env", "dev");
        assertThat(down.exitCode()).as(down.toString()).isZero();
        assertThat(Http.send("GET", PORTS.get("NGINX_PORT"), "dev.localhost", "/", "")
                        .status())
                .isEqualTo(503);

        Run dev = begin("dev").await(LONGEST);

        assertThat(dev.exitCode()).as(dev.toString()).isZero();
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> assertThat(
                        Http.send("GET", PORTS.get("NGINX_PORT"), "dev.localhost", "/", "")
                                .json())
                .containsEntry("chatbot", "dev"));
        assertThat(Docker.inspect(ofBase("nginx")).text("State", "StartedAt")).isEqualTo(nginx);
        assertThat(messages("dev")).as("kept over down and up").isEqualTo(2);
    }

    @Test
    @Order(21)
    @Row("chatbot.reset-own")
    void resetWhenItIsOfOneEnvironmentLeavesTheDataOfOthers() throws Exception {
        Run reset = run("reset", "chatbot", "--env", "dev", "--yes");

        assertThat(reset.exitCode()).as(reset.toString()).isZero();
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> assertThat(messages("dev"))
                .isEqualTo(0));
        assertThat(Http.get(app("dev"), "/api/v1/files/note").status()).isEqualTo(404);
        assertThat(chat("dev", "the word of dev").get("like")).isEqualTo(List.of());
        for (String other : List.of("stage", "prod")) {
            assertThat(messages(other)).as(other).isEqualTo(2);
            assertThat(Http.get(app(other), "/api/v1/files/note").body()).isEqualTo("kept by " + other);
            assertThat(chat(other, "once more the word of " + other)
                            .get("reply")
                            .toString())
                    .contains("word of " + other);
        }
    }

    @Test
    @Order(22)
    @Row("chatbot.base-stays")
    void stopWhenItIsOfOneEnvironmentLeavesBaseAndOthersUntouched() throws Exception {
        Map<String, String> before = Docker.running("shia-chatbot");

        Run stop = run("stop", "chatbot", "--env", "dev");

        assertThat(stop.exitCode()).as(stop.toString()).isZero();
        Map<String, String> after = Docker.running("shia-chatbot");
        before.keySet().removeIf(name -> name.startsWith(suffix(launcher.prefix("dev")) + "-"));
        assertThat(after).containsAllEntriesOf(before);
        assertThat(Docker.running(launcher.prefix("dev"))).isEmpty();
    }

    private static String suffix(String prefix) {
        return prefix.substring("shia-chatbot-".length());
    }

    @Test
    @Order(23)
    @Row("chatbot.base-last")
    void baseWhenEnvironmentsUseItIsRefusedWithTheirNames() throws Exception {
        Run refused = run("down", "chatbot", "--env", "dev", "--base");

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(5);
        assertThat(refused.err()).contains("is used by stage and prod, so it stays. Nothing was touched.");
        assertThat(Docker.containers(launcher.prefix("dev"))).hasSize(3);
    }

    @Test
    @Order(24)
    @Row("chatbot.volumes-own")
    void downWithVolumesWhenItIsOfOneEnvironmentKeepsTheBaseAndTheOthers() throws Exception {
        List<String> volumes = Docker.volumesEndingWith(suffix(launcher.basePrefix()));

        Run down = run("down", "chatbot", "--env", "stage", "--volumes", "--yes");

        assertThat(down.exitCode()).as(down.toString()).isZero();
        assertThat(volumes).hasSizeGreaterThanOrEqualTo(4);
        assertThat(Docker.volumesEndingWith(suffix(launcher.basePrefix()))).isEqualTo(volumes);
        assertThat(psql("postgres", "SELECT datname FROM pg_database").lines())
                .doesNotContain("stage_shia_chatbot")
                .contains("dev_shia_chatbot", "prod_shia_chatbot");
        assertThat(messages("prod")).isEqualTo(3);
    }

    @Test
    @Order(25)
    @Row("chatbot.base-last")
    void baseWhenTheLastEnvironmentGoesStaysUntilItIsAskedFor() throws Exception {
        Run watched = prod.interrupt().await(SOON);
        assertThat(watched.exitCode()).as(watched.toString()).isEqualTo(130);
        for (String environment : List.of("dev", "prod")) {
            Run down = run("down", "chatbot", "--env", environment);
            assertThat(down.exitCode()).as(down.toString()).isZero();
        }
        assertThat(Docker.running(launcher.basePrefix())).containsKeys(BASE.toArray(String[]::new));

        Run down = run("down", "chatbot", "--base");

        assertThat(down.exitCode()).as(down.toString()).isZero();
        assertThat(Docker.containers(launcher.basePrefix())).isEmpty();
        assertThat(Docker.volumesEndingWith(suffix(launcher.basePrefix()))).isNotEmpty();
    }

    @Test
    @Order(26)
    @Row("chatbot.local")
    void localWhenNothingRunsStartsTheBaseAloneAndShowsHowToRunTheRest() throws Exception {
        Run local = run("local", "chatbot");

        assertThat(local.exitCode()).as(local.toString()).isZero();
        assertThat(Docker.running(launcher.basePrefix())).containsKeys(BASE.toArray(String[]::new));
        assertThat(Docker.containers(launcher.prefix("dev"))).isEmpty();
        assertThat(local.out())
                .contains("To run app on this host:", "uvicorn src.app.main:app --reload --port " + app("dev"))
                .contains("To run celery-worker on this host:", "celery -A src.app.tasks worker")
                .contains("export REDIS_URL=redis://127.0.0.1:" + PORTS.get("REDIS_PORT") + "/0");
    }

    @Test
    @Order(27)
    @Row("chatbot.local-runs")
    void linesThatLocalShowsWhenTypedRunTheApplication() throws Exception {
        Run local = run("local", "chatbot");
        assertThat(local.exitCode()).as(local.toString()).isZero();
        Run secrets = run("env", "chatbot", "app", "--format", "shell", "--show-secrets");
        String lines = local.out()
                .replaceFirst("(?s).*To run app on this host:\\s*", "")
                .replaceFirst("(?s)\n\\s*\n.*", "")
                .replaceFirst("eval .*", Matcher.quoteReplacement(secrets.out()));
        String name = container("dev", "typed");
        // this host, with the Python and the packages of the application's image
        Docker.run(
                "run",
                "--detach",
                "--name=" + name,
                "--network=host",
                "--user=0",
                "--volume=" + launcher.project() + ":" + launcher.project(),
                image,
                "sh",
                "-ec",
                lines);
        try {
            await().atMost(SOON).ignoreExceptions().untilAsserted(() -> assertThat(
                            Http.get(app("dev"), "/health").json())
                    .containsEntry("status", "healthy"));
            assertThat(messages("dev")).isNotNull();
        } finally {
            Docker.run("rm", "--force", name);
        }
    }
}
