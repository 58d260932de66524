package dev.withstack.profiles.frostbyte;

import dev.withstack.core.catalog.Minio;
import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Qdrant;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Tier;
import dev.withstack.core.model.Value;
import dev.withstack.core.profile.Elsewhere;
import dev.withstack.core.profile.Explanations;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import java.util.List;

/**
 * The Frostbyte ETL pipeline: Redis, PostgreSQL, MinIO and Qdrant, the pipeline API on top of them, and the admin
 * dashboard on top of that.
 */
public final class Frostbyte implements StackProfile {
    private static final String USER = "frostbyte";
    private static final String DEVELOPMENT_PASSWORD = "frostbyte";

    @Override
    public String name() {
        return "frostbyte";
    }

    @Override
    public String description() {
        return "ETL pipeline: Redis, PostgreSQL, MinIO, Qdrant, pipeline API, admin dashboard";
    }

    @Override
    public List<String> marks() {
        return List.of("pipeline", "packages/admin-dashboard");
    }

    @Override
    public Explanations explanations() {
        return Explanations.on("The application")
                .of("FROSTBYTE_AUTH_BYPASS", "Lets everyone in without a key: true or false.")
                .of("FROSTBYTE_ADMIN_API_KEY", "Opens the administration to whoever sends it.")
                .of("JWT_SECRET", "Signs the tokens of those who are logged in.")
                .andOn("The servers")
                .of("POSTGRES_PASSWORD", "Password of PostgreSQL's user frostbyte; taken on an empty volume only.")
                .of("MINIO_ROOT_PASSWORD", "Password of MinIO's user frostbyte, of eight characters or more.")
                .andOn("Servers that run elsewhere, used instead of the stack's own")
                .of("POSTGRES_URL", "Such as postgresql+asyncpg://user:password@db.example.com:5432/frostbyte.")
                .of("REDIS_URL", "Such as redis://cache.example.com:6379/0.")
                .of("MINIO_ENDPOINT", "Such as http://s3.example.com:9000.")
                .of("QDRANT_URL", "Such as http://vectors.example.com:6333.");
    }

    @Override
    public StackDefinition define(Environment environment, Settings settings) {
        Servers servers = Servers.of(settings);
        Service api = pipelineApi(environment, settings, servers);
        return StackDefinition.of(name(), environment)
                .add(servers.redis(), servers.postgres(), servers.minio(), servers.qdrant())
                .add(api, adminDashboard(environment, api))
                .developedOn(Tier.INFRASTRUCTURE)
                .build();
    }

    /** The four servers that the pipeline stands on. */
    private record Servers(Redis redis, Postgres postgres, Minio minio, Qdrant qdrant, Value minioPassword) {

        static Servers of(Settings settings) {
            Value minioPassword = settings.password("MINIO_ROOT_PASSWORD", DEVELOPMENT_PASSWORD);
            Elsewhere elsewhere = new Elsewhere(settings);
            return new Servers(
                    elsewhere.apply(
                            "REDIS_URL", Redis.service("redis").hostPort(6379).data("redis_data")),
                    elsewhere.apply(
                            "POSTGRES_URL",
                            Postgres.service("postgres")
                                    .hostPort(5433)
                                    .database("frostbyte")
                                    .user(USER)
                                    .password(settings.password("POSTGRES_PASSWORD", DEVELOPMENT_PASSWORD))
                                    .data("postgres_data")
                                    .shellAlias("db")),
                    elsewhere.apply(
                            "MINIO_ENDPOINT",
                            Minio.service("minio")
                                    .hostPort("s3", 9000)
                                    .hostPort("console", 9001)
                                    .credentials(USER, minioPassword)
                                    .data("minio_data")),
                    elsewhere.apply(
                            "QDRANT_URL",
                            Qdrant.service("qdrant")
                                    .hostPort("http", 6333)
                                    .hostPort("grpc", 6334)
                                    .data("qdrant_data")),
                    minioPassword);
        }
    }

    private static Service pipelineApi(Environment environment, Settings settings, Servers servers) {
        Elsewhere elsewhere = new Elsewhere(settings);
        String health = "http://127.0.0.1:8000/health";
        return Service.built("pipeline-api", "pipeline")
                .target(stage(environment))
                .port("http", 8000)
                .hostPort(8000)
                .env(
                        "POSTGRES_URL",
                        elsewhere.url("POSTGRES_URL", servers.postgres().url("postgresql+asyncpg")))
                .env("REDIS_URL", elsewhere.url("REDIS_URL", servers.redis().url()))
                .env(
                        "MINIO_ENDPOINT",
                        elsewhere.url("MINIO_ENDPOINT", servers.minio().url()))
                .env("MINIO_ACCESS_KEY", USER)
                .env("MINIO_SECRET_KEY", servers.minioPassword())
                .env("QDRANT_URL", elsewhere.url("QDRANT_URL", servers.qdrant().url()))
                .env(
                        "FROSTBYTE_AUTH_BYPASS",
                        Boolean.toString(
                                settings.developmentSwitch("FROSTBYTE_AUTH_BYPASS", "lets everyone in without a key")))
                .env(
                        "FROSTBYTE_ADMIN_API_KEY",
                        settings.secret("FROSTBYTE_ADMIN_API_KEY", "dev-key-change-in-production"))
                .env("JWT_SECRET", settings.secret("JWT_SECRET", "dev-secret-min-32-characters"))
                .needs(servers.redis())
                .needs(servers.postgres())
                .needs(servers.minio())
                .needs(servers.qdrant())
                .probe(Probe.http("/health").json("status", "healthy"))
                .containerCheck(ContainerCheck.of(
                        "python", "-c", "import urllib.request as r; r.urlopen('" + health + "', timeout=4)"))
                .shell("api", "sh")
                .onHost("pipeline", "uvicorn", "pipeline.main:app", "--reload", "--port", portOnHost(settings))
                .page("http", "/docs")
                .stream("http", "/api/v1/pipeline/stream", "stage");
    }

    /** On the host the API is where its container would be; a port that is none is told of elsewhere. */
    private static String portOnHost(Settings settings) {
        return settings.given("PIPELINE_API_PORT")
                .filter(port -> port.matches("[0-9]+"))
                .orElse("8000");
    }

    private static Service adminDashboard(Environment environment, Service api) {
        String page = "http://127.0.0.1:5174/admin/";
        return Service.built("admin-dashboard", "packages/admin-dashboard")
                .target(stage(environment))
                .port("http", 5174)
                .hostPort(5174)
                .env("PIPELINE_API_URL", api.url("http", "http"))
                .probe(Probe.http("/admin/").containing("<html"))
                .containerCheck(ContainerCheck.of(
                        "node",
                        "-e",
                        "fetch('" + page + "').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"))
                .shell("dashboard", "sh")
                .page("http", "/admin/");
    }

    private static String stage(Environment environment) {
        return environment.isRelease() ? "production" : "development";
    }
}
