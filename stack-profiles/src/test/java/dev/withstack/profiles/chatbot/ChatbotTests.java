package dev.withstack.profiles.chatbot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Share;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.NetworkAddresses;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChatbotTests {
    private static final Map<String, String> RELEASE = Map.of(
            "SECRET_KEY", "secret-Qz7vT2mXw9Lk4Rf8Hs6Jd3Pb5Nc1",
            "OPENROUTER_API_KEY", "sk-or-Wy5uG8eKq2Zn7Vh4Tx9Mr6Cs3Bd1Fa0",
            "POSTGRES_PASSWORD", "pgpassword-Lp4oI9uY3tR7eW2q",
            "MINIO_ROOT_PASSWORD", "miniopassword-Zx8cV5bN1mK6",
            "GRAFANA_ADMIN_PASSWORD", "grafana-Xw8cV5bN1mK6",
            "NGINX_CERTIFICATE", "certs/nginx.crt",
            "NGINX_CERTIFICATE_KEY", "certs/nginx.key");

    @TempDir
    Path project;

    private static StackDefinition chatbot(Environment environment) {
        return chatbot(environment, Map.of());
    }

    private static StackDefinition chatbot(Environment environment, Map<String, String> more) {
        Map<String, String> settings = new LinkedHashMap<>(environment.isRelease() ? RELEASE : Map.of());
        settings.putAll(more);
        return Profiles.load(new Chatbot(), Settings.of(environment, settings));
    }

    private static Map<String, String> variables(StackDefinition definition, String service) {
        Map<String, String> variables = new LinkedHashMap<>();
        definition
                .program(service)
                .environment()
                .forEach((name, value) -> variables.put(name, value.resolve(new NetworkAddresses(definition))));
        return variables;
    }

    private static int hostPort(Service service, String endpoint) {
        return ((Endpoint.Fixed) service.endpoint(endpoint).publication()).hostPort();
    }

    @ParameterizedTest
    @CsvSource({
        "postgres, postgres, 5432, 5433",
        "redis, redis, 6379, 6379",
        "qdrant, http, 6333, 6333",
        "qdrant, grpc, 6334, 6334",
        "minio, s3, 9000, 9000",
        "minio, console, 9001, 9001",
        "prometheus, http, 9090, 9090",
        "grafana, http, 3000, 3000",
        "nginx, http, 80, 8100"
    })
    void baseWhenItIsDefinedHasThePortsOfTheDocument(String service, String endpoint, int inside, int outside) {
        Service server = chatbot(Environment.DEV).base().orElseThrow().service(service);

        assertThat(server.endpoint(endpoint).port()).isEqualTo(inside);
        assertThat(hostPort(server, endpoint)).isEqualTo(outside);
    }

    @ParameterizedTest
    @CsvSource({
        "postgres, postgres:16-alpine",
        "redis, redis:7.2-alpine",
        "qdrant, qdrant/qdrant",
        "minio, minio/minio",
        "prometheus, prom/prometheus:v2.48.1",
        "grafana, grafana/grafana:10.2.3",
        "nginx, nginx:1.27-alpine"
    })
    void baseWhenItIsDefinedHasTheImagesOfTheDocument(String service, String image) {
        assertThat(chatbot(Environment.DEV)
                        .base()
                        .orElseThrow()
                        .service(service)
                        .source())
                .isEqualTo(new Source.Image(image));
    }

    @ParameterizedTest
    @CsvSource({
        "DEV, 8000, 5555, 0, DEBUG, 1, true",
        "STAGE, 8001, 5556, 1, INFO, 2, false",
        "PROD, 8002, 5557, 2, WARNING, 4, false"
    })
    void environmentWhenItIsDefinedHasTheRowOfTheDocument(
            Environment environment, int app, int flower, int redis, String level, String workers, String debug) {
        StackDefinition definition = chatbot(environment);
        String id = environment.id();

        assertThat(hostPort(definition.service("app"), "")).isEqualTo(app);
        assertThat(hostPort(definition.service("flower"), "")).isEqualTo(flower);
        for (String service : List.of("app", "celery-worker")) {
            assertThat(variables(definition, service))
                    .containsEntry("ENVIRONMENT", id)
                    .containsEntry("REDIS_URL", "redis://redis:6379/" + redis)
                    .containsEntry("LOG_LEVEL", level)
                    .containsEntry("WORKERS", workers)
                    .containsEntry("DEBUG", debug)
                    .containsEntry("QDRANT_COLLECTION_PREFIX", id + "_")
                    .containsEntry("MINIO_BUCKET_PREFIX", id + "-");
            assertThat(variables(definition, service).get("DATABASE_URL"))
                    .endsWith("@postgres:5432/" + id + "_shia_chatbot");
        }
        assertThat(definition.id().containerName("app")).isEqualTo("shia-chatbot-" + id + "-app");
        assertThat(definition.base().orElseThrow().id().containerName("postgres"))
                .isEqualTo("shia-chatbot-postgres");
        assertThat(definition.shares())
                .containsExactlyInAnyOrder(
                        new Share.Database("postgres", id + "_shia_chatbot"),
                        new Share.KeySpace("redis", redis),
                        new Share.Collections("qdrant", id + "_"),
                        new Share.Buckets("minio", id + "-", List.of("documents", "archive")));
    }

    @Test
    void limitsWhenItIsProdAreThoseOfTheDocument() {
        StackDefinition prod = chatbot(Environment.PROD);

        assertThat(prod.program("app").limits())
                .isEqualTo(Limits.NONE.cpus(2).memory("2g").reservedCpus(1).reservedMemory("1g"));
        assertThat(prod.service("celery-worker").limits())
                .isEqualTo(Limits.NONE.cpus(2).memory("2g").reservedCpus(1).reservedMemory("512m"));
        assertThat(chatbot(Environment.STAGE).service("app").limits()).isEqualTo(Limits.NONE);
    }

    @ParameterizedTest
    @EnumSource(names = {"STAGE", "PROD"})
    void baseWhenAnyEnvironmentStartsItIsTheSame(Environment environment) {
        StackDefinition one = chatbot(environment).base().orElseThrow();
        StackDefinition other = chatbot(Environment.DEV, RELEASE).base().orElseThrow();

        for (String service : one.services().keySet()) {
            assertThat(one.service(service).environment())
                    .isEqualTo(other.service(service).environment());
            assertThat(one.service(service).endpoints())
                    .isEqualTo(other.service(service).endpoints());
            assertThat(one.service(service).files())
                    .isEqualTo(other.service(service).files());
        }
    }

    @Test
    void stageWhenNothingIsSetNamesAllThatItNeeds() {
        assertThatThrownBy(() -> Profiles.load(new Chatbot(), Settings.none(Environment.STAGE)))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("SECRET_KEY")
                .hasMessageContaining("OPENROUTER_API_KEY")
                .hasMessageContaining("POSTGRES_PASSWORD")
                .hasMessageContaining("MINIO_ROOT_PASSWORD")
                .hasMessageContaining("GRAFANA_ADMIN_PASSWORD")
                .hasMessageContaining("NGINX_CERTIFICATE");
    }

    @ParameterizedTest
    @CsvSource({
        "REDIS_DATABASE, 2",
        "QDRANT_COLLECTION_PREFIX, stage_",
        "MINIO_BUCKET_PREFIX, prod-",
        "DATABASE_URL, postgresql+asyncpg://postgres:postgres@postgres:5432/prod_shia_chatbot",
        "REDIS_URL, redis://redis:6379/1"
    })
    void settingWhenItLeadsToAnotherEnvironmentsDataIsRefused(String setting, String value) {
        assertThatThrownBy(() -> chatbot(Environment.DEV, Map.of(setting, value)))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining(setting.replace("REDIS_URL", "REDIS_"));
    }

    @Test
    void settingWhenItBelongsToTheBaseIsRefusedInTheFileOfOneEnvironment() throws Exception {
        Files.writeString(project.resolve(".env.dev"), "POSTGRES_PASSWORD=mine-alone\nPOSTGRES_PORT=6000\n");
        Settings settings = Settings.read(Environment.DEV, project, Map.of(), Map.of());

        assertThatThrownBy(() -> Profiles.load(new Chatbot(), settings))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining(
                        "POSTGRES_PASSWORD (.env.dev:1): belongs to the base, which all environments share. Set it in .env.")
                .hasMessageContaining("POSTGRES_PORT (.env.dev:2)");
    }

    @Test
    void databaseWhenItsUrlNamesAnotherHostIsExternalForThisEnvironmentAlone() {
        StackDefinition prod = chatbot(
                Environment.PROD,
                Map.of("DATABASE_URL", "postgresql+asyncpg://u:long-enough@db.example.com:6432/chat"));

        assertThat(prod.service("managed-postgres").source()).isInstanceOf(Source.External.class);
        assertThat(variables(prod, "app"))
                .containsEntry("DATABASE_URL", "postgresql+asyncpg://u:long-enough@db.example.com:6432/chat");
        assertThat(prod.shares()).noneMatch(Share.Database.class::isInstance);
        assertThat(prod.base().orElseThrow().service("postgres").source()).isInstanceOf(Source.Image.class);
    }

    @Test
    void nginxWhenItHasACertificateServesItOn8443() {
        Service without = chatbot(Environment.DEV).base().orElseThrow().service("nginx");
        Service with = chatbot(Environment.PROD).base().orElseThrow().service("nginx");

        assertThat(without.endpoints()).hasSize(1);
        assertThat(hostPort(with, "https")).isEqualTo(8443);
    }

    @Test
    void dashboardsWhenGrafanaStartsAreTheFive() {
        assertThat(Dashboard.ALL)
                .extracting(Dashboard::title)
                .containsExactly(
                        "Application Overview",
                        "Request Metrics",
                        "Database Performance",
                        "Celery Task Monitoring",
                        "System Resources");
    }

    @Test
    void applicationsWhenTheyAreBuiltComeFromOneDockerfileUnderOneName() {
        StackDefinition dev = chatbot(Environment.DEV);

        for (String service : List.of("app", "celery-worker", "flower")) {
            assertThat(dev.service(service).source()).isInstanceOfSatisfying(Source.Build.class, build -> {
                assertThat(build.directory()).isEqualTo(".");
                assertThat(build.imageName()).isEqualTo("shia-chatbot");
            });
        }
    }
}
