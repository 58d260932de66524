package dev.withstack.profiles.ordinaut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Hardening;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.LogRotation;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.NetworkAddresses;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.settings.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ordinaut is what its document says, table by table. */
class OrdinautTests {
    private static final Map<String, String> FIT_FOR_RELEASE =
            Map.of("POSTGRES_PASSWORD", "0123456789abcdef0123456789abcdef");

    @Test
    void defineWhenInDevHasOneApiAndTwoWorkersOfWhichDevStartsOne() {
        StackDefinition dev = load(Environment.DEV, Map.of());

        assertThat(dev.services().keySet())
                .containsExactly("postgres", "redis", "api-1", "api", "scheduler", "worker-1", "worker-2");
        assertThat(dev.developed()).containsExactly("postgres", "redis", "api-1", "api", "scheduler", "worker-1");
    }

    @ParameterizedTest
    @CsvSource({"STAGE, 2, 2", "PROD, 2, 4"})
    void defineWhenReleasedHasTheReplicasOfTheDocument(Environment environment, int apis, int workers) {
        assertThat(load(environment, FIT_FOR_RELEASE).replicas()).isEqualTo(Map.of("api", apis, "worker", workers));
    }

    @Test
    void replicasWhenTheUserSetsThemAreThoseHeSets() {
        StackDefinition dev = load(Environment.DEV, Map.of("WORKER_REPLICAS", "3", "API_REPLICAS", "2"));

        assertThat(dev.replicas()).isEqualTo(Map.of("api", 2, "worker", 3));
        assertThat(dev.developed()).contains("api-2", "worker-3");
    }

    @Test
    void portsWhenInDevAreAllPublished() {
        assertThat(published(load(Environment.DEV, Map.of())))
                .isEqualTo(Map.of("postgres", 5432, "redis", 6379, "api", 8080));
    }

    @ParameterizedTest
    @EnumSource(names = {"STAGE", "PROD"})
    void portsWhenReleasedAreThatOfTheApiAlone(Environment environment) {
        assertThat(published(load(environment, FIT_FOR_RELEASE))).isEqualTo(Map.of("api", 8080));
    }

    @Test
    void imagesAreTheVersionsOfTheDocument() {
        StackDefinition dev = load(Environment.DEV, Map.of());

        assertThat(dev.service("postgres").source()).isEqualTo(new Source.Image("postgres:16.4"));
        assertThat(dev.service("redis").source()).isEqualTo(new Source.Image("redis:7.2.5"));
        assertThat(dev.service("worker-1").source())
                .isEqualTo(new Source.Build("ordinaut", "Dockerfile", "worker", Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"DEV, orchestrator_dev", "STAGE, orchestrator", "PROD, orchestrator"})
    void databaseIsThatOfTheEnvironment(Environment environment, String database) {
        StackDefinition stack = load(environment, FIT_FOR_RELEASE);

        assertThat(variables(stack, "postgres"))
                .containsEntry("POSTGRES_DB", database)
                .containsEntry("POSTGRES_USER", "orchestrator");
        for (String service : List.of("api-1", "scheduler", "worker-1")) {
            assertThat(variables(stack, service))
                    .containsEntry(
                            "DATABASE_URL",
                            "postgresql://orchestrator:0123456789abcdef0123456789abcdef@postgres:5432/" + database)
                    .containsEntry("REDIS_URL", "redis://redis:6379/0");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DEV, yoda-tasker-network, pgdata-dev, redisdata-dev",
        "STAGE, yoda-tasker-network-stage, pgdata-stage, redisdata-stage",
        "PROD, yoda-tasker-network-prod, pgdata-prod, redisdata-prod"
    })
    void networkAndVolumesHaveTheNamesOfTheDocument(
            Environment environment, String network, String postgres, String redis) {
        StackDefinition stack = load(environment, FIT_FOR_RELEASE);

        assertThat(stack.networks()).containsExactly(network);
        assertThat(stack.service("postgres").volumes())
                .singleElement()
                .satisfies(volume -> assertThat(volume.nameIn(stack.id())).isEqualTo(postgres));
        assertThat(stack.service("redis").volumes())
                .singleElement()
                .satisfies(volume -> assertThat(volume.nameIn(stack.id())).isEqualTo(redis));
    }

    @Test
    void variablesWhenNothingIsSetAreTheDefaultsOfTheDocument() {
        StackDefinition dev = load(Environment.DEV, Map.of());

        for (String service : List.of("postgres", "redis", "api-1", "scheduler", "worker-1")) {
            assertThat(variables(dev, service)).as(service).containsEntry("TZ", "Europe/Chisinau");
        }
        assertThat(variables(dev, "api-1"))
                .containsEntry("UVICORN_HOST", "0.0.0.0")
                .containsEntry("UVICORN_PORT", "8080")
                .containsEntry("UVICORN_WORKERS", "1")
                .containsEntry("LOG_LEVEL", "debug");
        assertThat(variables(dev, "scheduler"))
                .containsEntry("SCHEDULER_MISFIRE_GRACE_TIME", "30")
                .containsEntry("SCHEDULER_MAX_WORKERS", "10");
        assertThat(variables(dev, "worker-2"))
                .containsEntry("WORKER_LEASE_SECONDS", "60")
                .containsEntry("WORKER_POLL_INTERVAL", "0.5")
                .containsEntry("WORKER_MAX_RETRIES", "3")
                .containsEntry("WORKER_BACKOFF_MAX_DELAY", "60");
        StackDefinition prod = load(Environment.PROD, FIT_FOR_RELEASE);
        assertThat(variables(prod, "api-2"))
                .containsEntry("UVICORN_WORKERS", "4")
                .containsEntry("LOG_LEVEL", "info");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TZ",
                "LOG_LEVEL",
                "UVICORN_HOST",
                "UVICORN_WORKERS",
                "SCHEDULER_MISFIRE_GRACE_TIME",
                "SCHEDULER_MAX_WORKERS",
                "WORKER_LEASE_SECONDS",
                "WORKER_POLL_INTERVAL",
                "WORKER_MAX_RETRIES",
                "WORKER_BACKOFF_MAX_DELAY"
            })
    void variableWhenItIsSetReachesWhoeverHasIt(String variable) {
        StackDefinition dev = load(Environment.DEV, Map.of(variable, "7"));

        assertThat(dev.services().values())
                .filteredOn(service -> service.environment().containsKey(variable))
                .isNotEmpty()
                .allSatisfy(
                        service -> assertThat(variables(dev, service.name())).containsEntry(variable, "7"));
    }

    @Test
    void portOfTheApiWhenItIsSetHoldsForAllWhoAskIt() {
        StackDefinition dev = load(Environment.DEV, Map.of("UVICORN_PORT", "9000", "API_PORT", "8181"));

        assertThat(dev.service("api-1").endpoint("http").port()).isEqualTo(9000);
        assertThat(published(dev)).containsEntry("api", 8181);
    }

    @ParameterizedTest
    @CsvSource({"postgres, 1, 1g", "redis, 0.5, 512m", "api-2, 1, 1g", "scheduler, 0.5, 512m", "worker-4, 1, 1g"})
    void limitsWhenReleasedAreTheTableOfTheDocument(String service, double cpus, String memory) {
        Limits limits = load(Environment.PROD, FIT_FOR_RELEASE).service(service).limits();

        assertThat(limits.cpus()).contains(cpus);
        assertThat(limits.memoryBytes()).contains(Limits.parseSize(memory));
        assertThat(limits.reservedMemoryBytes()).isPresent();
    }

    @Test
    void logsRotateAsTheDocumentSays() {
        StackDefinition dev = load(Environment.DEV, Map.of());

        for (String service : List.of("api-1", "api", "scheduler", "worker-1")) {
            assertThat(dev.service(service).logRotation()).as(service).contains(new LogRotation("100m", 3));
        }
        assertThat(dev.service("redis").logRotation()).contains(new LogRotation("50m", 3));
    }

    @ParameterizedTest
    @EnumSource(names = {"DEV", "PROD"})
    void hardeningKeepsTheApplicationFromWritingAndFromMorePrivileges(Environment environment) {
        StackDefinition stack = load(environment, FIT_FOR_RELEASE);

        for (String service : List.of("redis", "api-1", "scheduler", "worker-1")) {
            assertThat(stack.service(service).hardening().root()).as(service).isEqualTo(Hardening.Root.READ_ONLY);
        }
        assertThat(stack.services().values())
                .allSatisfy(
                        service -> assertThat(service.hardening().privileges()).isEqualTo(Hardening.Privileges.FIXED));
    }

    @Test
    void commandOfPostgresWhenReleasedIsTheTunedOne() {
        assertThat(load(Environment.PROD, FIT_FOR_RELEASE).service("postgres").command())
                .containsExactly(
                        "postgres",
                        "-c",
                        "shared_preload_libraries=pg_stat_statements",
                        "-c",
                        "max_connections=200",
                        "-c",
                        "shared_buffers=256MB",
                        "-c",
                        "work_mem=4MB");
        assertThat(load(Environment.DEV, Map.of()).service("postgres").command())
                .isEmpty();
    }

    @Test
    void commandOfRedisKeepsAnAppendOnlyFileWithinItsMemory() {
        assertThat(load(Environment.DEV, Map.of()).service("redis").command())
                .containsExactly(
                        "redis-server",
                        "--appendonly",
                        "yes",
                        "--maxmemory",
                        "256mb",
                        "--maxmemory-policy",
                        "allkeys-lru");
    }

    @Test
    void sourceWhenInDevIsSeenWithoutABuildUnlessAnImageIsTaken() {
        StackDefinition dev = load(Environment.DEV, Map.of("SCHEDULER_IMAGE", "mine:1"));

        assertThat(dev.service("api-1").files()).extracting(file -> file.path()).containsExactly("/app/ordinaut");
        assertThat(variables(dev, "api-1")).containsEntry("UVICORN_RELOAD", "true");
        assertThat(dev.service("scheduler").files()).isEmpty();
        assertThat(variables(dev, "scheduler")).containsEntry("RELOAD", "false");
        assertThat(load(Environment.PROD, FIT_FOR_RELEASE).service("api-1").files())
                .isEmpty();
    }

    @Test
    void serversWhenTheirUrlsPointElsewhereAreExternal() {
        StackDefinition dev =
                load(Environment.DEV, Map.of("DATABASE_URL", "postgresql://me:secret@db.example.com:5432/mine"));

        assertThat(dev.service("postgres").source()).isInstanceOf(Source.External.class);
        assertThat(variables(dev, "worker-1"))
                .containsEntry("DATABASE_URL", "postgresql://me:secret@db.example.com:5432/mine");
    }

    @ParameterizedTest
    @EnumSource(names = {"STAGE", "PROD"})
    void loadWhenReleasedWithADevelopmentPasswordIsRefused(Environment environment) {
        assertThatThrownBy(() -> load(environment, Map.of("POSTGRES_PASSWORD", "orchestrator")))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("POSTGRES_PASSWORD");
        assertThatThrownBy(() -> load(environment, Map.of()))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("POSTGRES_PASSWORD: is not set");
    }

    @Test
    void everyServiceHasAProbeAndACheckOfItsOwn() {
        assertThat(load(Environment.PROD, FIT_FOR_RELEASE).services().values()).allSatisfy(service -> {
            assertThat(service.probe()).as(service.name()).isPresent();
            assertThat(service.containerCheck()).as(service.name()).isPresent();
        });
    }

    private static Map<String, String> variables(StackDefinition stack, String service) {
        Map<String, String> variables = new LinkedHashMap<>();
        stack.service(service)
                .environment()
                .forEach((name, value) -> variables.put(name, value.resolve(new NetworkAddresses(stack))));
        return variables;
    }

    private static Map<String, Integer> published(StackDefinition stack) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        for (Service service : stack.services().values()) {
            Optional<Endpoint> endpoint = service.endpoints().stream().findFirst();
            endpoint.map(Endpoint::publication)
                    .filter(Endpoint.Fixed.class::isInstance)
                    .map(Endpoint.Fixed.class::cast)
                    .ifPresent(fixed -> ports.put(service.name(), fixed.hostPort()));
        }
        return ports;
    }

    private static StackDefinition load(Environment environment, Map<String, String> values) {
        return Profiles.load(new Ordinaut(), Settings.of(environment, values));
    }
}
