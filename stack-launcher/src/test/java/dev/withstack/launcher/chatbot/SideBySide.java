package dev.withstack.launcher.chatbot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Each environment has its own, and all of them the same servers. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class SideBySide extends Environments {
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
}
