package dev.withstack.profiles.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.RestartPolicy;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Tier;
import dev.withstack.core.model.VolumeMount;
import dev.withstack.core.plan.NetworkAddresses;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Frostbyte is what its document says, line by line. */
class FrostbyteTests {
    private static final Map<String, String> FIT_FOR_RELEASE = Map.of(
            "POSTGRES_PASSWORD", "a-password-of-my-own",
            "MINIO_ROOT_PASSWORD", "another-password",
            "FROSTBYTE_ADMIN_API_KEY", "0123456789abcdef0123456789abcdef",
            "JWT_SECRET", "fedcba9876543210fedcba9876543210",
            "FROSTBYTE_AUTH_BYPASS", "false");

    @Test
    void findWhenProfilesAreLookedForFindsFrostbyte() {
        Profiles profiles = Profiles.find(FrostbyteTests.class.getClassLoader());

        assertThat(profiles.named("frostbyte"))
                .map(StackProfile::description)
                .contains("ETL pipeline: Redis, PostgreSQL, MinIO, Qdrant, pipeline API, admin dashboard");
    }

    @Test
    void defineWhenInDevIsTheTableOfTheDocument() {
        assertThat(table(load(Environment.DEV, Map.of())))
                .isEqualTo(
                        """
                        redis: redis:7-alpine
                          redis 6379 -> 127.0.0.1:6379
                          redis_data at /data
                        postgres: postgres:16-alpine
                          postgres 5432 -> 127.0.0.1:5433
                          postgres_data at /var/lib/postgresql/data
                        minio: minio/minio
                          s3 9000 -> 127.0.0.1:9000
                          console 9001 -> 127.0.0.1:9001
                          minio_data at /data
                        qdrant: qdrant/qdrant
                          http 6333 -> 127.0.0.1:6333
                          grpc 6334 -> 127.0.0.1:6334
                          qdrant_data at /qdrant/storage
                        pipeline-api: pipeline/ (development)
                          http 8000 -> 127.0.0.1:8000
                          needs healthy redis, postgres, minio, qdrant
                        admin-dashboard: packages/admin-dashboard/ (development)
                          http 5174 -> 127.0.0.1:5174
                          needs healthy pipeline-api
                        """);
    }

    @ParameterizedTest
    @EnumSource(names = {"STAGE", "PROD"})
    void defineWhenReleasedPublishesNoServer(Environment environment) {
        assertThat(table(load(environment, FIT_FOR_RELEASE)))
                .isEqualTo(
                        """
                        redis: redis:7-alpine
                          redis 6379
                          redis_data at /data
                        postgres: postgres:16-alpine
                          postgres 5432
                          postgres_data at /var/lib/postgresql/data
                        minio: minio/minio
                          s3 9000
                          console 9001
                          minio_data at /data
                        qdrant: qdrant/qdrant
                          http 6333
                          grpc 6334
                          qdrant_data at /qdrant/storage
                        pipeline-api: pipeline/ (production)
                          http 8000 -> 127.0.0.1:8000
                          needs healthy redis, postgres, minio, qdrant
                        admin-dashboard: packages/admin-dashboard/ (production)
                          http 5174 -> 127.0.0.1:5174
                          needs healthy pipeline-api
                        """);
    }

    @Test
    void defineWhenReleasedPublishesAServerThatIsAskedFor() {
        Map<String, String> values = new LinkedHashMap<>(FIT_FOR_RELEASE);
        values.put("POSTGRES_PORT", "15432");

        assertThat(load(Environment.PROD, values)
                        .service("postgres")
                        .endpoint("")
                        .publication())
                .isEqualTo(new Endpoint.Fixed("127.0.0.1", 15432));
    }

    @Test
    void defineWhenTestedTakesAnyPortsAndKeepsNothing() {
        assertThat(table(load(Environment.TEST, Map.of())))
                .contains("postgres 5432 -> any port of 127.0.0.1", "http 8000 -> any port of 127.0.0.1")
                .doesNotContain("_data", "127.0.0.1:");
    }

    @Test
    void volumesWhenNamedAreTheDocumentsInDevAndApartElsewhere() {
        assertThat(load(Environment.DEV, Map.of()).id().volumeName("postgres_data"))
                .isEqualTo("frostbyte_postgres_data");
        assertThat(load(Environment.PROD, FIT_FOR_RELEASE).id().volumeName("postgres_data"))
                .isEqualTo("frostbyte_postgres_data-prod");
        assertThat(load(Environment.DEV, Map.of()).id().prefix()).isEqualTo("frostbyte-dev");
    }

    @Test
    void environmentWhenInDevHasTheDocumentsVariables() {
        StackDefinition definition = load(Environment.DEV, Map.of());

        assertThat(environment(definition, "pipeline-api"))
                .isEqualTo(
                        """
                        POSTGRES_URL=postgresql+asyncpg://frostbyte:frostbyte@postgres:5432/frostbyte
                        REDIS_URL=redis://redis:6379/0
                        MINIO_ENDPOINT=http://minio:9000
                        MINIO_ACCESS_KEY=frostbyte
                        MINIO_SECRET_KEY=frostbyte
                        QDRANT_URL=http://qdrant:6333
                        FROSTBYTE_AUTH_BYPASS=true
                        FROSTBYTE_ADMIN_API_KEY=dev-key-change-in-production
                        JWT_SECRET=dev-secret-min-32-characters
                        """);
        assertThat(environment(definition, "admin-dashboard")).isEqualTo("PIPELINE_API_URL=http://pipeline-api:8000\n");
        assertThat(environment(definition, "postgres"))
                .isEqualTo("POSTGRES_USER=frostbyte\nPOSTGRES_PASSWORD=frostbyte\nPOSTGRES_DB=frostbyte\n");
        assertThat(environment(definition, "minio"))
                .isEqualTo("MINIO_ROOT_USER=frostbyte\nMINIO_ROOT_PASSWORD=frostbyte\n");
    }

    @Test
    void healthWhenListedIsTheDocuments() {
        StackDefinition definition = load(Environment.DEV, Map.of());

        assertThat(definition.services().values())
                .allSatisfy(service -> assertThat(service.probe()).isPresent());
        assertThat(definition.service("pipeline-api").probe().toString())
                .contains("path=/health", "name=status, value=healthy");
        assertThat(definition.service("admin-dashboard").probe().toString())
                .contains("path=/admin/", "contains=Optional[<html]");
        assertThat(definition.service("minio").probe().toString()).contains("path=/minio/health/live", "status=200");
        assertThat(definition.service("qdrant").probe().toString()).contains("path=/readyz", "status=200");
        assertThat(definition.service("redis").containerCheck().orElseThrow().command())
                .containsExactly("redis-cli ping | grep -q PONG");
        assertThat(definition
                        .service("postgres")
                        .containerCheck()
                        .orElseThrow()
                        .command()
                        .get(0))
                .startsWith("exec pg_isready -q -h 127.0.0.1");
        assertThat(definition.services().values())
                .allSatisfy(service -> assertThat(service.restartPolicy()).isEqualTo(RestartPolicy.UNLESS_STOPPED));
    }

    @Test
    void developedOnWhenInDevIsTheInfrastructure() {
        StackDefinition definition = load(Environment.DEV, Map.of());

        assertThat(definition.upTo(definition.developedOn())).containsExactly("redis", "postgres", "minio", "qdrant");
        assertThat(definition.upTo(Tier.APPLICATION)).hasSize(6);
        assertThat(definition.service("pipeline-api").hostRun().orElseThrow().command())
                .containsExactly("uvicorn", "pipeline.main:app", "--reload", "--port", "8000");
        assertThat(definition.service("pipeline-api").hostRun().orElseThrow().directory())
                .isEqualTo("pipeline");
    }

    @Test
    void shellsWhenAskedForByTheDocumentsNamesAreThere() {
        StackDefinition definition = load(Environment.DEV, Map.of());

        assertThat(List.of("api", "db", "redis"))
                .extracting(alias ->
                        definition.serviceWithShell(alias).orElseThrow().name())
                .containsExactly("pipeline-api", "postgres", "redis");
    }

    @Test
    void defineWhenProdHasNoSettingsRefusesWithEveryReason() {
        assertThatThrownBy(() -> load(Environment.PROD, Map.of()))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        """
                        The settings of frostbyte are not fit for prod:
                          - MINIO_ROOT_PASSWORD: is not set, and prod needs it. Generate one, for example with: openssl\
                         rand -hex 32
                          - POSTGRES_PASSWORD: is not set, and prod needs it. Generate one, for example with: openssl\
                         rand -hex 32
                          - FROSTBYTE_ADMIN_API_KEY: is not set, and prod needs it. Generate one, for example with:\
                         openssl rand -hex 32
                          - JWT_SECRET: is not set, and prod needs it. Generate one, for example with: openssl rand -hex\
                         32""");
    }

    @Test
    void defineWhenProdHasTheDocumentsDevelopmentSettingsRefusesThem() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("FROSTBYTE_AUTH_BYPASS", "true");
        values.put("FROSTBYTE_ADMIN_API_KEY", "dev-key-change-in-production");
        values.put("JWT_SECRET", "dev-secret-min-32-characters");
        values.put("POSTGRES_PASSWORD", "frostbyte");
        values.put("MINIO_ROOT_PASSWORD", "frostbyte");

        assertThatThrownBy(() -> load(Environment.PROD, values))
                .hasMessage(
                        """
                        The settings of frostbyte are not fit for prod:
                          - MINIO_ROOT_PASSWORD (--set): is the known development value, which prod refuses. Generate\
                         one, for example with: openssl rand -hex 32
                          - POSTGRES_PASSWORD (--set): is the known development value, which prod refuses. Generate one,\
                         for example with: openssl rand -hex 32
                          - FROSTBYTE_AUTH_BYPASS (--set): is true, which lets everyone in without a key. Set it to\
                         false in prod.
                          - FROSTBYTE_ADMIN_API_KEY (--set): is the known development value, which prod refuses.\
                         Generate one, for example with: openssl rand -hex 32
                          - JWT_SECRET (--set): is the known development value, which prod refuses. Generate one, for\
                         example with: openssl rand -hex 32""");
    }

    @Test
    void defineWhenProdHasASecretOf31CharactersRefusesIt() {
        Map<String, String> values = new LinkedHashMap<>(FIT_FOR_RELEASE);
        values.put("JWT_SECRET", "fedcba9876543210fedcba987654321");

        assertThatThrownBy(() -> load(Environment.PROD, values))
                .hasMessageContaining("JWT_SECRET (--set): has 31 characters, and prod needs at least 32.")
                .hasMessageNotContaining("fedcba");
    }

    @Test
    void defineWhenAServerRunsElsewhereUsesItFromThere() {
        StackDefinition definition = load(
                Environment.DEV,
                Map.of("POSTGRES_URL", "postgresql+asyncpg://anna:hunter22@db.example.com:6543/frostbyte"));

        assertThat(definition.service("postgres").source())
                .isInstanceOfSatisfying(Source.External.class, external -> assertThat(external.address(0))
                        .hasToString("db.example.com:6543"));
        assertThat(environment(definition, "pipeline-api"))
                .startsWith("POSTGRES_URL=postgresql+asyncpg://anna:hunter22@db.example.com:6543/frostbyte\n");
        assertThat(definition.service("pipeline-api").dependencies()).contains(Dependency.healthy("postgres"));
    }

    @Test
    void defineWhenTheDocumentsOwnUrlsAreSetStartsTheServersHere() {
        StackDefinition definition = load(
                Environment.DEV,
                Map.of(
                        "POSTGRES_URL", "postgresql+asyncpg://frostbyte:frostbyte@postgres:5432/frostbyte",
                        "REDIS_URL", "redis://redis:6379/0",
                        "MINIO_ENDPOINT", "http://minio:9000"));

        assertThat(table(definition)).isEqualTo(table(load(Environment.DEV, Map.of())));
    }

    @Test
    void defineWhenTwoEnvironmentsAreTakenTogetherShareNoNameOnTheEngine() {
        StackDefinition dev = load(Environment.DEV, Map.of());
        StackDefinition prod = load(Environment.PROD, FIT_FOR_RELEASE);

        assertThat(names(dev)).doesNotContainAnyElementsOf(names(prod));
    }

    private static StackDefinition load(Environment environment, Map<String, String> values) {
        return Profiles.load(new Frostbyte(), Settings.of(environment, values));
    }

    private static List<String> names(StackDefinition definition) {
        List<String> names = new java.util.ArrayList<>(List.of(definition.id().prefix()));
        definition.services().values().forEach(service -> {
            names.add(definition.id().containerName(service.name()));
            service.volumes().forEach(mount -> names.add(mount.nameIn(definition.id())));
        });
        return names;
    }

    private static String environment(StackDefinition definition, String service) {
        AddressBook network = new NetworkAddresses(definition);
        return definition.service(service).environment().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue().resolve(network) + "\n")
                .collect(Collectors.joining());
    }

    private static String table(StackDefinition definition) {
        StringBuilder table = new StringBuilder();
        for (Service service : definition.services().values()) {
            table.append(service.name())
                    .append(": ")
                    .append(source(service.source()))
                    .append('\n');
            service.endpoints().forEach(endpoint -> table.append("  ")
                    .append(endpoint.name())
                    .append(' ')
                    .append(endpoint.port())
                    .append(publication(endpoint))
                    .append('\n'));
            for (VolumeMount mount : service.volumes()) {
                table.append("  %s at %s%n".formatted(mount.volume(), mount.path()));
            }
            if (!service.dependencies().isEmpty()) {
                assertThat(service.dependencies()).allSatisfy(dependency -> assertThat(dependency.condition())
                        .isEqualTo(Dependency.Condition.HEALTHY));
                table.append("  needs healthy ")
                        .append(service.dependencies().stream()
                                .map(Dependency::on)
                                .collect(Collectors.joining(", ")))
                        .append('\n');
            }
        }
        return table.toString();
    }

    private static String source(Source source) {
        if (source instanceof Source.Image image) {
            return image.reference();
        }
        return source instanceof Source.Build build ? build.directory() + "/ (" + build.target() + ")" : "?";
    }

    private static String publication(Endpoint endpoint) {
        if (endpoint.publication() instanceof Endpoint.Fixed fixed) {
            return " -> " + fixed.bindAddress() + ":" + fixed.hostPort();
        }
        return endpoint.publication() instanceof Endpoint.AnyFree any ? " -> any port of " + any.bindAddress() : "";
    }
}
