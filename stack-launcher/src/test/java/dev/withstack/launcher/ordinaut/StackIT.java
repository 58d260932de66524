package dev.withstack.launcher.ordinaut;

import static dev.withstack.launcher.ordinaut.Ordinaut.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.SharedStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ordinaut as {@code start} brings it up, seen from outside and from within its containers. */
class StackIT {
    private static final List<String> APPLICATION = List.of("api-1", "scheduler", "worker-1", "worker-2");

    @RegisterExtension
    static final SharedStack stack = Ordinaut.shared();

    private static Ordinaut ordinaut;

    @BeforeAll
    static void find() {
        ordinaut = Ordinaut.of(stack);
    }

    @Test
    @Row("ordinaut.start")
    void startBringsUpAllServicesWithTwoWorkers() {
        assertThat(Docker.running(ordinaut.prefix()).keySet())
                .contains("postgres", "redis", "api", "api-1", "scheduler", "worker-1", "worker-2");
    }

    @Test
    @Row("ordinaut.postgres")
    void postgresIsTheVersionWithTheUserAndTheDatabaseOfTheDocument() {
        assertThat(ordinaut.sql("SHOW server_version")).startsWith("16.4");
        assertThat(ordinaut.sql("SELECT current_user || ' ' || current_database()"))
                .isEqualTo("orchestrator orchestrator_dev");
        assertThat(Docker.inspect(ordinaut.container("postgres")).publishedPorts())
                .containsEntry("5432/tcp", "127.0.0.1:" + stack.port("POSTGRES_PORT"));
    }

    @Test
    @Row("ordinaut.redis")
    void redisWritesAnAppendOnlyFileWithinItsMemory() {
        assertThat(ordinaut.redis("CONFIG", "GET", "appendonly")).endsWith("yes");
        assertThat(ordinaut.redis("CONFIG", "GET", "maxmemory")).endsWith("268435456");
        assertThat(ordinaut.redis("CONFIG", "GET", "maxmemory-policy")).endsWith("allkeys-lru");
        assertThat(ordinaut.inside("redis", "ls /data/appendonly*")).contains("appendonly");
    }

    @Test
    @Row("ordinaut.api")
    void apiAnswersHealth() throws Exception {
        var answer = ordinaut.get("/health");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"status\":\"healthy\"");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    @Test
    @Row("ordinaut.scheduler")
    @Row("ordinaut.worker")
    void schedulerAndWorkersAreHealthyWhileTheirLoopsGoRound() {
        for (String service : List.of("scheduler", "worker-1", "worker-2")) {
            await().atMost(SOON).untilAsserted(() -> assertThat(
                            Docker.inspect(ordinaut.container(service)).text("State", "Health", "Status"))
                    .as(service)
                    .isEqualTo("healthy"));
        }
    }

    @Test
    @Row("ordinaut.schema")
    void schemaIsThereAfterTheFirstStart() {
        assertThat(ordinaut.sql("SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables"
                        + " WHERE schemaname = 'public'"))
                .isEqualTo("due_work ledger run task");
    }

    @Test
    @Row("ordinaut.schedule")
    void jobWhenItIsScheduledComesDueAndIsDoneAgainAndAgain() throws Exception {
        String task = ordinaut.add("{\"title\": \"again\", \"every\": 1}");

        await().atMost(SOON)
                .until(() ->
                        ordinaut.count("SELECT count(*) FROM run WHERE outcome = 'done' AND task_id = '" + task + "'")
                                >= 3);

        ordinaut.sql("DELETE FROM task WHERE id = '" + task + "'");
        assertThat(ordinaut.count(
                        "SELECT count(*) - count(DISTINCT work_id) FROM ledger WHERE task_id = '" + task + "'"))
                .isZero();
    }

    @Test
    @Row("ordinaut.variables-common")
    @Row("ordinaut.variables-api")
    @Row("ordinaut.variables-scheduler")
    @Row("ordinaut.variables-worker")
    void variablesOfTheDocumentReachTheServices() {
        for (String service : APPLICATION) {
            assertThat(variables(service))
                    .as(service)
                    .containsEntry("TZ", "Europe/Chisinau")
                    .containsEntry("LOG_LEVEL", "debug")
                    .containsEntry("REDIS_URL", "redis://redis:6379/0")
                    .containsEntry(
                            "DATABASE_URL", "postgresql://orchestrator:orchestrator@postgres:5432/orchestrator_dev");
        }
        assertThat(variables("api-1"))
                .containsEntry("UVICORN_HOST", "0.0.0.0")
                .containsEntry("UVICORN_PORT", "8080")
                .containsEntry("UVICORN_WORKERS", "1");
        assertThat(variables("scheduler"))
                .containsEntry("SCHEDULER_MISFIRE_GRACE_TIME", "30")
                .containsEntry("SCHEDULER_MAX_WORKERS", "10");
        assertThat(variables("worker-1"))
                .as("the lease is what this test has set")
                .containsEntry("WORKER_LEASE_SECONDS", "6")
                .containsEntry("WORKER_POLL_INTERVAL", "0.5")
                .containsEntry("WORKER_MAX_RETRIES", "3")
                .containsEntry("WORKER_BACKOFF_MAX_DELAY", "60");
    }

    private static Map<String, String> variables(String service) {
        return Docker.inspect(ordinaut.container(service)).environment();
    }

    @Test
    @Row("ordinaut.volume-postgres")
    @Row("ordinaut.volume-redis")
    @Row("ordinaut.network")
    @Row("settled.names")
    void volumesAndNetworkHaveTheNamesOfTheDocument() {
        String copy = ordinaut.prefix().substring("ordinaut-dev".length());

        assertThat(Docker.inspect(ordinaut.container("postgres")).volumes())
                .containsEntry("pgdata-dev" + copy, "/var/lib/postgresql/data");
        assertThat(Docker.inspect(ordinaut.container("redis")).volumes())
                .containsEntry("redisdata-dev" + copy, "/data");
        for (String service : Docker.running(ordinaut.prefix()).keySet()) {
            assertThat(Docker.inspect(ordinaut.container(service)).networks())
                    .as(service)
                    .containsExactly("yoda-tasker-network" + copy);
        }
    }

    @Test
    @Row("ordinaut.log-rotation")
    void logsRotateAsTheDocumentSays() {
        for (String service : APPLICATION) {
            assertThat(Docker.inspect(ordinaut.container(service)).text("HostConfig", "LogConfig"))
                    .as(service)
                    .contains("json-file", "max-size=100m", "max-file=3");
        }
        assertThat(Docker.inspect(ordinaut.container("redis")).text("HostConfig", "LogConfig"))
                .contains("json-file", "max-size=50m", "max-file=3");
        assertThat(Docker.run("logs", "--tail", "1", ordinaut.container("worker-1")))
                .as("structured")
                .startsWith("{")
                .endsWith("}");
    }

    @Test
    @Row("ordinaut.non-root")
    void applicationRunsAsAppuser() {
        for (String service : APPLICATION) {
            assertThat(ordinaut.inside(service, "id -un; id -u")).as(service).isEqualTo("appuser\n10001");
        }
    }

    @Test
    @Row("ordinaut.read-only")
    void rootCanNotBeWrittenAndNoPrivilegesAreGained() {
        for (String service : List.of("redis", "api-1", "scheduler", "worker-1")) {
            assertThat(ordinaut.inside(service, "touch /usr/x /x"))
                    .as(service)
                    .contains("'/usr/x': Read-only file system", "'/x': Read-only file system");
        }
        for (String service : Docker.running(ordinaut.prefix()).keySet()) {
            assertThat(ordinaut.inside(service, "grep NoNewPrivs /proc/1/status"))
                    .as(service)
                    .endsWith("1");
        }
    }

    @Test
    @Row("ordinaut.hot-reload")
    void changeOfTheSourceIsSeenWithoutABuild() throws Exception {
        Path source = stack.launcher().project().resolve("ordinaut/ordinaut/api.py");
        String before = Files.readString(source);
        String image = Docker.inspect(ordinaut.container("api-1")).text("Image");

        Files.writeString(source, before + "\n\n@app.get(\"/word\")\nasync def word() -> str:\n    return \"new\"\n");

        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> ordinaut.get("/word").body().equals("\"new\""));
        Files.writeString(source, before);
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> ordinaut.get("/word").statusCode() == 404);
        assertThat(Docker.inspect(ordinaut.container("api-1")).text("Image")).isEqualTo(image);
    }
}
