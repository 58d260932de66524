package dev.withstack.launcher.integrador;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The containers of Integrador, and the whole of it as a release. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServersIT {
    private static final Duration LONGEST = Duration.ofMinutes(8);
    private static final String[] SECRETS = {"JWT_SECRET", "TABLE_TOKEN_SECRET", "POSTGRES_PASSWORD"};

    @RegisterExtension
    static final Launcher launcher = Launcher.of("integrador");

    private static Backend backend;

    @BeforeAll
    static void startServers() throws Exception {
        backend = Backend.copy(launcher);
        Run run = feed("", "start", "integrador", "--infra", "--timeout", "6m");
        assertThat(run.exitCode()).as(run.toString()).isZero();
    }

    @AfterEach
    void nobodyStays() {
        backend.awaitNobody();
    }

    private static Run feed(String input, String... arguments) throws IOException, InterruptedException {
        try (LiveRun live = launcher.begin(arguments)) {
            live.input().write(input.getBytes(StandardCharsets.UTF_8));
            live.input().close();
            return live.await(LONGEST);
        }
    }

    private static Docker.Facts container(String service) {
        return Docker.inspect(launcher.prefix("dev") + "-" + service);
    }

    @Test
    @Order(1)
    @Row("integrador.db")
    @Row("integrador.shells")
    void dbIsTheDocumentsPostgresWithPgvector() throws Exception {
        Run shell = feed(
                "\\pset format unaligned\n\\pset tuples_only on\n"
                        + "CREATE EXTENSION IF NOT EXISTS vector;\n"
                        + "SELECT current_user, current_database();\n"
                        + "SELECT '[3,4]'::vector <-> '[0,0]'::vector;\n",
                "shell",
                "integrador",
                "db");

        assertThat(shell.exitCode()).as(shell.toString()).isZero();
        assertThat(shell.out().lines()).contains("postgres|menu_ops", "5");
        // the offline image set has a newer server for it
        assertThat(launcher.run("status", "integrador").out()).contains("pgvector/pgvector:pg16");
        assertThat(container("db").publishedPorts()).containsEntry("5432/tcp", "127.0.0.1:" + backend.db());
        assertThat(container("db").volumes())
                .containsEntry(launcher.volume("dev", "pgdata"), "/var/lib/postgresql/data");
    }

    @Test
    @Order(2)
    @Row("integrador.redis")
    @Row("integrador.shells")
    void redisKeepsItsKeysWithinItsMemory() throws Exception {
        Run shell = feed("PING\nCONFIG GET appendonly\nCONFIG GET maxmemory*\n", "shell", "integrador", "redis");

        assertThat(shell.exitCode()).as(shell.toString()).isZero();
        assertThat(shell.out().lines()).contains("PONG");
        assertThat(shell.out()).containsPattern("appendonly\\W+yes").contains("268435456", "allkeys-lru");
        assertThat(container("redis").publishedPorts()).containsEntry("6379/tcp", "127.0.0.1:" + backend.redis());
        assertThat(container("redis").volumes()).containsEntry(launcher.volume("dev", "redisdata"), "/data");
    }

    @Test
    @Order(3)
    @Row("integrador.ollama")
    void ollamaRunsOnlyWhenItIsNamed() throws Exception {
        assertThat(Docker.containers(launcher.prefix("dev"))).containsOnlyKeys("db", "redis");
        launcher.environment("OLLAMA_PORT", Integer.toString(Backend.freePorts()));

        Run named = feed("", "start", "integrador", "ollama", "--timeout", "6m");

        assertThat(named.exitCode()).as(named.toString()).isZero();
        assertThat(Docker.running(launcher.prefix("dev"))).containsOnlyKeys("db", "redis", "ollama");
        Run down = launcher.run("down", "integrador", "ollama");
        assertThat(down.exitCode()).as(down.toString()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stage", "prod"})
    @Order(4)
    @Row("integrador.stage")
    @Row("integrador.prod")
    void releaseDemandsSecretsAndRunsWithoutReload(String environment) throws Exception {
        Run stopped = launcher.run("stop", "integrador");
        assertThat(stopped.exitCode()).as(stopped.toString()).isZero();
        Run refused = launcher.run(environment, "integrador");
        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(4);
        assertThat(refused.err()).contains(SECRETS);
        for (String secret : SECRETS) {
            launcher.environment(secret, secret + "-that-nobody-will-guess-4711");
        }
        try (LiveRun live =
                launcher.begin(environment, "integrador", "--timeout", "6m").awaitOutput("Staying with", LONGEST)) {
            assertThat(backend.get(backend.api(), "/api/health/detailed").body())
                    .contains("\"database\":\"healthy\"", "\"redis\":\"healthy\"");
            assertThat(backend.get(backend.gateway(), "/ws/health").statusCode())
                    .isEqualTo(200);
            assertThat(backend.processes()).as("nobody watches the source").allSatisfy(process -> assertThat(
                            process.info().commandLine().orElse(""))
                    .doesNotContain("--reload"));
            live.interrupt().await(LONGEST);
        } finally {
            for (String secret : SECRETS) {
                launcher.withoutEnvironment(secret);
            }
        }
        backend.awaitNobody();
        Run down = launcher.run("down", "integrador", "--env", environment);
        assertThat(down.exitCode()).as(down.toString()).isZero();
    }
}
