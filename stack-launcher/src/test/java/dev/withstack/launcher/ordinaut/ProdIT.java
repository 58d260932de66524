package dev.withstack.launcher.ordinaut;

import static dev.withstack.launcher.ordinaut.Ordinaut.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.FreePorts;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code prod} beside {@code dev}: replicas, limits, nothing published that need not be, and no name in common. */
class ProdIT {
    private static final Duration LONGEST_START = Duration.ofMinutes(15);
    private static final String PASSWORD = "a-password-of-thirty-two-letters";

    @RegisterExtension
    static final Launcher launcher = Launcher.of("ordinaut");

    private static LiveRun prod;
    private static Ordinaut inDev;
    private static Ordinaut inProd;

    @BeforeAll
    static void bringUpBoth() throws Exception {
        launcher.in(Launcher.samples().resolve("ordinaut"));
        int first = FreePorts.inARow(12);
        launcher.environment("API_PORT", Integer.toString(first))
                .environment("POSTGRES_PORT", Integer.toString(first + 10))
                .environment("REDIS_PORT", Integer.toString(first + 11));
        try (LiveRun dev = launcher.begin("dev", "ordinaut")) {
            Run run = dev.await(LONGEST_START);
            assertThat(run.exitCode()).as(run.toString()).isZero();
        }
        launcher.withoutEnvironment("POSTGRES_PORT").withoutEnvironment("REDIS_PORT");
        launcher.environment("POSTGRES_PASSWORD", PASSWORD);
        prod = launcher.begin("prod", "ordinaut", "--auto-ports").awaitOutput("Watching", LONGEST_START);
        inDev = new Ordinaut(first, launcher.prefix("dev"), "orchestrator_dev");
        String port = Docker.inspect(launcher.prefix("prod") + "-api")
                .publishedPorts()
                .get("8080/tcp");
        inProd = new Ordinaut(
                Integer.parseInt(port.substring(port.indexOf(':') + 1)), launcher.prefix("prod"), "orchestrator");
    }

    @AfterAll
    static void leave() throws Exception {
        if (prod != null) {
            prod.interrupt().await(SOON);
            prod.close();
        }
    }

    @Test
    @Row("ordinaut.dev")
    void devBringsUpOneWorkerWithEverythingPublished() {
        assertThat(Docker.running(inDev.prefix()).keySet())
                .containsExactly("api", "api-1", "postgres", "redis", "scheduler", "worker-1");
        assertThat(Docker.inspect(inDev.container("postgres")).publishedPorts()).containsKey("5432/tcp");
        assertThat(Docker.inspect(inDev.container("redis")).publishedPorts()).containsKey("6379/tcp");
        assertThat(Docker.inspect(inDev.container("worker-1")).environment()).containsEntry("LOG_LEVEL", "debug");
    }

    @Test
    @Row("ordinaut.prod")
    @Row("ordinaut.prod-unpublished")
    void prodBringsUpTwoApisAndFourWorkersAndPublishesTheApiAlone() throws Exception {
        assertThat(Docker.running(inProd.prefix()).keySet())
                .containsExactly(
                        "api",
                        "api-1",
                        "api-2",
                        "postgres",
                        "redis",
                        "scheduler",
                        "worker-1",
                        "worker-2",
                        "worker-3",
                        "worker-4");
        for (String service : Docker.running(inProd.prefix()).keySet()) {
            Map<String, String> ports =
                    Docker.inspect(inProd.container(service)).publishedPorts();
            assertThat(ports.keySet())
                    .as(service)
                    .isEqualTo(service.equals("api") ? java.util.Set.of("8080/tcp") : java.util.Set.of());
        }
        assertThat(inProd.get("/health").statusCode()).isEqualTo(200);
        assertThat(Docker.inspect(inProd.container("api-2")).environment()).containsEntry("UVICORN_WORKERS", "4");
        assertThat(inProd.sql("SELECT current_database()")).isEqualTo("orchestrator");
    }

    @Test
    @Row("ordinaut.limits")
    void limitsAreTheTableOfTheDocument() {
        Map.of(
                        "postgres",
                        "1.0 1024",
                        "redis",
                        "0.5 512",
                        "api-2",
                        "1.0 1024",
                        "scheduler",
                        "0.5 512",
                        "worker-4",
                        "1.0 1024")
                .forEach((service, limits) -> {
                    Docker.Facts facts = Docker.inspect(inProd.container(service));
                    assertThat(facts.number("HostConfig", "NanoCpus") / 1e9 + " "
                                    + facts.number("HostConfig", "Memory") / (1 << 20))
                            .as(service)
                            .isEqualTo(limits);
                });
    }

    @Test
    @Row("ordinaut.tuned-postgres")
    void postgresRunsWithTheTunedCommand() {
        assertThat(inProd.sql("SHOW max_connections")).isEqualTo("200");
        assertThat(inProd.sql("SHOW shared_buffers")).isEqualTo("256MB");
        assertThat(inProd.sql("SHOW work_mem")).isEqualTo("4MB");
        assertThat(inProd.sql("SHOW shared_preload_libraries")).isEqualTo("pg_stat_statements");
    }

    @Test
    @Row("ordinaut.side-by-side")
    @Row("settled.environments-apart")
    void namesWhenDevAndProdRunSideBySideAreThoseOfOneEnvironmentAlone() {
        for (Ordinaut here : List.of(inDev, inProd)) {
            Ordinaut other = here.equals(inDev) ? inProd : inDev;
            assertThat(addresses(here, "worker-1", "postgres"))
                    .containsExactly(Docker.inspect(here.container("postgres")).address());
            assertThat(addresses(here, "worker-1", "redis"))
                    .containsExactly(Docker.inspect(here.container("redis")).address());
            assertThat(addresses(here, "worker-1", other.container("postgres")))
                    .as("not even by the name of its container")
                    .isEmpty();
        }
        assertThat(addresses(inDev, "worker-1", "worker-4"))
                .as("only prod has it")
                .isEmpty();
        assertThat(Docker.inspect(inDev.container("postgres")).volumes())
                .doesNotContainKeys(Docker.inspect(inProd.container("postgres"))
                        .volumes()
                        .keySet()
                        .toArray(String[]::new));
    }

    private static List<String> addresses(Ordinaut here, String service, String name) {
        return here.inside(service, "getent ahostsv4 " + name)
                .lines()
                .map(line -> line.split(" ")[0])
                .distinct()
                .toList();
    }

    @Test
    @Row("ordinaut.prod-refuses")
    void prodWhenThePasswordIsTheOneOfDevelopmentRefuses() throws Exception {
        Run run = launcher.run("prod", "ordinaut", "--set", "POSTGRES_PASSWORD=orchestrator");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(4);
        assertThat(run.err()).contains("POSTGRES_PASSWORD", "is the known development value, which prod refuses");
    }
}
