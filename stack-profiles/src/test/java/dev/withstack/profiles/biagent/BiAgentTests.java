package dev.withstack.profiles.biagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.RestartPolicy;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Tier;
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

/** BI-Agent is what its document says, table by table. */
class BiAgentTests {
    private static final Map<String, String> FIT_FOR_RELEASE = Map.of(
            "DB_PASSWORD", "a-password-of-my-own",
            "MINIO_ROOT_PASSWORD", "another-password",
            "GRAFANA_ADMIN_PASSWORD", "a-third-password",
            "JWT_SECRET", "fedcba9876543210fedcba9876543210");
    private static final List<String> APPLICATIONS =
            List.of("analytics-api", "ml-service", "web", "celery-worker", "celery-beat");

    @Test
    void findWhenProfilesAreLookedForFindsBiAgent() {
        assertThat(Profiles.find(BiAgentTests.class.getClassLoader()).named("bi-agent"))
                .map(StackProfile::marks)
                .contains(List.of("analytics-service", "ml-service", "celery-service"));
    }

    @Test
    void defineWhenInDevIsTheTableOfTheDocument() {
        assertThat(table(load(Environment.DEV, Map.of())))
                .isEqualTo(
                        """
                        postgres: postgres:15-alpine on local-dev
                          5432 -> 5432
                          postgres_data at /var/lib/postgresql/data
                        redis: redis:7-alpine on local-dev
                          6379 -> 6379
                          redis_data at /data
                        minio: minio/minio:latest on local-dev
                          9000 -> 9000
                          9001 -> 9001
                          minio_data at /minio_data
                        minio-buckets: minio/mc:latest on local-dev
                          needs minio HEALTHY
                        otel-collector: otel/opentelemetry-collector-contrib:0.91.0 on observability
                          4318 -> 4318
                          4317 -> 4317
                          8888 -> 8888
                          8889 -> 8889
                          13133 -> 13133
                          55679 -> 55679
                        jaeger: jaegertracing/all-in-one:1.52 on observability
                          16686 -> 16686
                          4317
                          4318
                          14269
                        prometheus: prom/prometheus:v2.48.1 on observability
                          9090 -> 9090
                          prometheus_data at /prometheus
                        grafana: grafana/grafana:10.2.3 on observability
                          3000 -> 3002
                          grafana_data at /var/lib/grafana
                        analytics-api: analytics-service/ on local-dev, observability
                          3000 -> 3000
                          needs postgres HEALTHY, redis HEALTHY, minio HEALTHY, minio-buckets COMPLETED, otel-collector HEALTHY
                        ml-service: ml-service/ on local-dev, observability
                          8000 -> 8000
                          needs postgres HEALTHY, redis HEALTHY, minio HEALTHY, minio-buckets COMPLETED, otel-collector HEALTHY
                        web: web/ on local-dev
                          3001 -> 3001
                          needs analytics-api HEALTHY
                        celery-worker: celery-service/ on local-dev, observability
                          needs postgres HEALTHY, redis HEALTHY, minio HEALTHY, minio-buckets COMPLETED
                        celery-beat: celery-service/ on local-dev, observability
                          celery_beat_data at /var/lib/celery
                          needs postgres HEALTHY, redis HEALTHY, minio HEALTHY, minio-buckets COMPLETED
                        """);
    }

    @ParameterizedTest
    @EnumSource(names = {"STAGE", "PROD"})
    void defineWhenReleasedPublishesNoDataAndLimitsEachService(Environment environment) {
        StackDefinition definition = load(environment, FIT_FOR_RELEASE);

        assertThat(List.of("postgres", "redis", "minio")).allSatisfy(name -> assertThat(
                        definition.service(name).endpoints())
                .allSatisfy(endpoint -> assertThat(endpoint.publication()).isInstanceOf(Endpoint.Hidden.class)));
        assertThat(definition.services().values())
                .filteredOn(service -> !service.isOneShot())
                .allSatisfy(service -> {
                    assertThat(service.limits().cpus()).as(service.name()).isPresent();
                    assertThat(service.limits().memoryBytes())
                            .as(service.name())
                            .isPresent();
                });
        assertThat(variable(definition, "analytics-api", "RBAC_DEFAULT_ROLE")).isEmpty();
    }

    @Test
    void defineWhenReleasedPublishesADatabaseThatIsAskedFor() {
        Map<String, String> values = new LinkedHashMap<>(FIT_FOR_RELEASE);
        values.put("DB_PORT", "15432");

        assertThat(load(Environment.PROD, values)
                        .service("postgres")
                        .endpoint("")
                        .publication())
                .isEqualTo(new Endpoint.Fixed("127.0.0.1", 15432));
    }

    @Test
    void networksWhenNamedAreTheDocumentsInDevAndApartElsewhere() {
        assertThat(load(Environment.DEV, Map.of()).networks()).containsExactly("local-dev", "observability");
        assertThat(load(Environment.PROD, FIT_FOR_RELEASE).networks())
                .containsExactly("local-dev-prod", "observability-prod");
    }

    @Test
    void urlsWhenReadInTheNetworkAreTheDocuments() {
        StackDefinition definition = load(Environment.DEV, Map.of());

        for (String name : List.of("analytics-api", "ml-service", "celery-worker", "celery-beat")) {
            assertThat(variable(definition, name, "DATABASE_URL"))
                    .isEqualTo("postgresql://postgres:postgres@postgres:5432/analytics_db");
            assertThat(variable(definition, name, "REDIS_URL")).isEqualTo("redis://redis:6379/0");
            assertThat(variable(definition, name, "MINIO_ENDPOINT")).isEqualTo("http://minio:9000");
            assertThat(variable(definition, name, "OTEL_EXPORTER_OTLP_ENDPOINT"))
                    .isEqualTo("http://otel-collector:4318");
        }
        assertThat(variable(definition, "analytics-api", "ML_SERVICE_URL")).isEqualTo("http://ml-service:8000");
        assertThat(variable(definition, "celery-worker", "CELERY_BROKER_URL")).isEqualTo("redis://redis:6379/0");
        assertThat(variable(definition, "celery-beat", "CELERY_BROKER_URL")).isEqualTo("redis://redis:6379/0");
    }

    @Test
    void webWhenReadByTheBrowserHasThisMachinesAddressesAndItsServerTheNetworks() {
        StackDefinition definition = load(Environment.DEV, Map.of("ANALYTICS_API_PORT", "13000"));

        assertThat(variable(definition, "web", "NEXT_PUBLIC_API_URL")).isEqualTo("http://localhost:13000");
        assertThat(variable(definition, "web", "NEXT_PUBLIC_ML_URL")).isEqualTo("http://localhost:8000");
        assertThat(variable(definition, "web", "ANALYTICS_API_URL")).isEqualTo("http://analytics-api:3000");
        assertThat(variable(definition, "web", "ML_SERVICE_URL")).isEqualTo("http://ml-service:8000");
    }

    @Test
    void addressesWhenTheyAreNoDependenciesMakeNoEdge() {
        StackDefinition definition = load(Environment.DEV, Map.of());

        assertThat(needs(definition, "analytics-api")).doesNotContain("ml-service");
        assertThat(needs(definition, "web")).containsExactly("analytics-api");
        assertThat(needs(definition, "celery-worker")).doesNotContain("otel-collector", "ml-service");
        assertThat(List.of("otel-collector", "jaeger", "prometheus", "grafana"))
                .allSatisfy(name -> assertThat(needs(definition, name)).isEmpty());
    }

    @Test
    void analyticsApiWhenDefinedHasThirtyVariablesAndMore() {
        StackDefinition definition = load(Environment.DEV, Map.of("HIPAA_MODE", "true", "CACHE_TTL_SECONDS", "5"));

        assertThat(definition.service("analytics-api").environment()).hasSizeGreaterThan(30);
        assertThat(variable(definition, "analytics-api", "HIPAA_MODE")).isEqualTo("true");
        assertThat(variable(definition, "analytics-api", "CACHE_TTL_SECONDS")).isEqualTo("5");
        assertThat(variable(definition, "analytics-api", "RBAC_DEFAULT_ROLE")).isEqualTo("analyst");
    }

    @Test
    void customizationWhenSetChangesPortsAndCredentialsEverywhere() {
        StackDefinition definition = load(
                Environment.DEV,
                Map.of(
                        "DB_PORT", "5433",
                        "REDIS_PORT", "6380",
                        "MINIO_PORT", "9002",
                        "DB_USER", "admin",
                        "DB_PASSWORD", "mysecretpassword",
                        "MINIO_ROOT_USER", "myadmin",
                        "JWT_SECRET", "my-production-secret"));

        assertThat(table(definition)).contains("5432 -> 5433", "6379 -> 6380", "9000 -> 9002");
        assertThat(variable(definition, "postgres", "POSTGRES_USER")).isEqualTo("admin");
        assertThat(variable(definition, "celery-worker", "DATABASE_URL"))
                .isEqualTo("postgresql://admin:mysecretpassword@postgres:5432/analytics_db");
        assertThat(variable(definition, "minio", "MINIO_ROOT_USER")).isEqualTo("myadmin");
        assertThat(variable(definition, "ml-service", "MINIO_ACCESS_KEY")).isEqualTo("myadmin");
        assertThat(variable(definition, "minio-buckets", "MC_HOST_store"))
                .isEqualTo("http://myadmin:minioadmin@minio:9000");
        assertThat(variable(definition, "analytics-api", "JWT_SECRET")).isEqualTo("my-production-secret");
    }

    @Test
    void filesWhenDefinedStandInForEachMountOfTheDocument() {
        StackDefinition definition = load(Environment.DEV, Map.of());

        assertThat(mounts(definition))
                .isEqualTo(
                        """
                        postgres: scripts/init-pgvector.sql at /docker-entrypoint-initdb.d/01-pgvector.sql, or generated
                        postgres: scripts/bootstrap-db.sh at /docker-entrypoint-initdb.d/bootstrap.sh, or generated
                        otel-collector: observability/otel-collector-config.yml at /etc/otel-collector-config.yml, or generated
                        prometheus: observability/prometheus.yml at /etc/prometheus/prometheus.yml, or generated
                        grafana: observability/grafana/provisioning at /etc/grafana/provisioning, or generated
                        grafana: observability/grafana/dashboards at /var/lib/grafana/dashboards, or generated
                        analytics-api: analytics-service/logs at /app/logs
                        ml-service: ml-service/logs at /app/logs
                        celery-worker: celery-service/logs at /app/logs
                        celery-beat: celery-service/logs at /app/logs
                        """);
    }

    @Test
    void collectorWhenItsVersionChangesHasTheConfigurationThatSuits() {
        FileMount.FromProject file = (FileMount.FromProject) load(Environment.DEV, Map.of())
                .service("otel-collector")
                .files()
                .get(0);

        assertThat(content(file, "0.91.0")).contains("address: 0.0.0.0:8888").doesNotContain("readers");
        assertThat(content(file, "0.152.0")).contains("readers", "port: 8888").doesNotContain("address:");
        assertThat(content(file, "")).contains("endpoint: jaeger:4317", "0.0.0.0:8889", "0.0.0.0:13133");
    }

    @Test
    void observabilityWhenDefinedKeepsThirtyDaysAndHasItsPlugin() {
        StackDefinition definition = load(Environment.DEV, Map.of());

        assertThat(definition.service("prometheus").command()).contains("--storage.tsdb.retention.time=30d");
        assertThat(definition.service("redis").command()).containsExactly("redis-server", "--appendonly", "yes");
        assertThat(variable(definition, "grafana", "GF_INSTALL_PLUGINS")).isEqualTo("redis-datasource");
        assertThat(variable(definition, "grafana", "GF_SECURITY_ADMIN_USER")).isEqualTo("admin");
        assertThat(variable(definition, "grafana", "GF_SECURITY_ADMIN_PASSWORD"))
                .isEqualTo("admin");
        assertThat(generated(definition, "prometheus"))
                .contains("'otel-collector:8889'", "'otel-collector:8888'", "scrape_interval: 5000ms");
        assertThat(generated(definition, "grafana"))
                .contains("url: 'http://prometheus:9090'", "path: /var/lib/grafana/dashboards", "\"BI-Agent\"");
    }

    @Test
    void beatWhenDefinedHasItsTwoSchedules() {
        StackDefinition definition = load(Environment.DEV, Map.of());

        assertThat(variable(definition, "celery-beat", "REFRESH_ANALYTICS_SECONDS"))
                .isEqualTo("3600");
        assertThat(variable(definition, "celery-beat", "UPDATE_ML_MODELS_SECONDS"))
                .isEqualTo("86400");
    }

    @Test
    void healthWhenListedIsThereForAllTwelve() {
        StackDefinition definition = load(Environment.DEV, Map.of());

        assertThat(definition.services().values())
                .allSatisfy(service -> assertThat(service.probe()).isPresent());
        assertThat(definition.services().values().stream()
                        .filter(service -> service.containerCheck().isEmpty())
                        .map(Service::name))
                .containsExactly("minio-buckets", "otel-collector");
        assertThat(definition.services().values())
                .filteredOn(service -> !service.isOneShot())
                .hasSize(12)
                .allSatisfy(service -> assertThat(service.restartPolicy()).isEqualTo(RestartPolicy.UNLESS_STOPPED));
    }

    @Test
    void tiersWhenAskedForLeaveTheFiveApplicationsOut() {
        StackDefinition definition = load(Environment.DEV, Map.of());

        assertThat(definition.upTo(Tier.INFRASTRUCTURE)).hasSize(8).doesNotContainAnyElementsOf(APPLICATIONS);
        assertThat(definition.upTo(definition.developedOn())).containsAll(APPLICATIONS);
    }

    @Test
    void defineWhenProdHasNoSettingsRefusesWithEveryReason() {
        assertThatThrownBy(() -> load(Environment.PROD, Map.of("RBAC_ENABLED", "false")))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("DB_PASSWORD: is not set")
                .hasMessageContaining("MINIO_ROOT_PASSWORD: is not set")
                .hasMessageContaining("GRAFANA_ADMIN_PASSWORD: is not set")
                .hasMessageContaining("JWT_SECRET: is not set")
                .hasMessageContaining("RBAC_ENABLED (--set): is false, which lets everyone do everything.");
    }

    @Test
    void defineWhenAServerRunsElsewhereUsesItFromThere() {
        StackDefinition definition = load(
                Environment.DEV,
                Map.of(
                        "DATABASE_URL", "postgresql://anna:hunter22@db.example.com:6543/analytics",
                        "MINIO_ENDPOINT", "https://s3.example.com:9443"));

        assertThat(definition.service("postgres").source()).isInstanceOf(Source.External.class);
        assertThat(variable(definition, "ml-service", "DATABASE_URL"))
                .isEqualTo("postgresql://anna:hunter22@db.example.com:6543/analytics");
        assertThat(variable(definition, "minio-buckets", "MC_HOST_store"))
                .isEqualTo("https://minioadmin:minioadmin@s3.example.com:9443");
        assertThat(needs(definition, "analytics-api")).contains("postgres", "minio");
    }

    @Test
    void extendWhenAServiceIsAddedHasAllOfTheStackAndIt() {
        StackDefinition extended = load(Environment.DEV, Map.of())
                .extend()
                .add(Service.image("my-service", "myimage:latest")
                        .networks("local-dev")
                        .port("http", 9999)
                        .hostPort(9999)
                        .needs(Dependency.healthy("postgres")))
                .build();

        assertThat(extended.services()).hasSize(14).containsKey("my-service");
        assertThat(extended.networks()).containsExactly("local-dev", "observability");
    }

    private static StackDefinition load(Environment environment, Map<String, String> values) {
        return Profiles.load(new BiAgent(), Settings.of(environment, values));
    }

    private static List<String> needs(StackDefinition definition, String service) {
        return definition.service(service).dependencies().stream()
                .map(Dependency::on)
                .toList();
    }

    private static String variable(StackDefinition definition, String service, String name) {
        return definition.service(service).environment().get(name).resolve(new NetworkAddresses(definition));
    }

    private static String content(FileMount.FromProject file, String version) {
        StackDefinition definition = load(Environment.DEV, Map.of());
        return file.otherwise().get(0).content(version).resolve(new NetworkAddresses(definition));
    }

    private static String generated(StackDefinition definition, String service) {
        return definition.service(service).files().stream()
                .flatMap(file -> ((FileMount.FromProject) file).otherwise().stream())
                .map(file -> file.content("").resolve(new NetworkAddresses(definition)))
                .collect(Collectors.joining("\n"));
    }

    private static String mounts(StackDefinition definition) {
        StringBuilder text = new StringBuilder();
        for (Service service : definition.services().values()) {
            for (FileMount file : service.files()) {
                if (file instanceof FileMount.FromProject own) {
                    assertThat(own.otherwise()).isNotEmpty();
                    text.append("%s: %s at %s, or generated\n".formatted(service.name(), own.source(), own.path()));
                } else if (file instanceof FileMount.Bound bound) {
                    text.append("%s: %s at %s\n".formatted(service.name(), bound.source(), bound.path()));
                }
            }
        }
        return text.toString();
    }

    private static String table(StackDefinition definition) {
        StringBuilder table = new StringBuilder();
        for (Service service : definition.services().values()) {
            table.append("%s: %s on %s\n"
                    .formatted(service.name(), source(service.source()), String.join(", ", service.networks())));
            for (Endpoint endpoint : service.endpoints()) {
                table.append("  ").append(endpoint.port());
                if (endpoint.publication() instanceof Endpoint.Fixed fixed) {
                    assertThat(fixed.bindAddress()).isEqualTo("127.0.0.1");
                    table.append(" -> ").append(fixed.hostPort());
                }
                table.append('\n');
            }
            service.volumes().forEach(mount -> table.append("  %s at %s\n".formatted(mount.volume(), mount.path())));
            if (!service.dependencies().isEmpty()) {
                table.append("  needs ")
                        .append(service.dependencies().stream()
                                .map(dependency -> dependency.on() + " " + dependency.condition())
                                .collect(Collectors.joining(", ")))
                        .append('\n');
            }
        }
        return table.toString();
    }

    private static String source(Source source) {
        return source instanceof Source.Image image ? image.reference() : ((Source.Build) source).directory() + "/";
    }
}
