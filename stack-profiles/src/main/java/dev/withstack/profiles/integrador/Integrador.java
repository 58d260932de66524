package dev.withstack.profiles.integrador;

import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Python;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.core.profile.Elsewhere;
import dev.withstack.core.profile.Explanations;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import java.time.Duration;
import java.util.List;

/**
 * The Integrador restaurant system: PostgreSQL with pgvector and Redis in containers, and on the host, where they are
 * developed, the REST API and the WebSocket gateway.
 */
public final class Integrador implements StackProfile {
    private static final String ORIGINS = "http://localhost:5176,http://localhost:5177,http://localhost:5178";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Override
    public String name() {
        return "integrador";
    }

    @Override
    public String description() {
        return "restaurant: PostgreSQL with pgvector, Redis; REST API and WebSocket gateway as processes of this host";
    }

    @Override
    public List<String> marks() {
        return List.of("rest_api/main.py");
    }

    @Override
    public String within() {
        return "backend";
    }

    @Override
    public Explanations explanations() {
        return Explanations.on("The application")
                .of("JWT_SECRET", "Signs the tokens of those who are logged in.")
                .of("TABLE_TOKEN_SECRET", "Signs the tokens of the tables.")
                .of("ALLOWED_ORIGINS", "Origins of the pages that may call the services, with commas between them.")
                .of("DEBUG", "Shows the inside of a failure: true or false.")
                .of("RELOAD", "Restarts a service when its source changes: true or false.")
                .andOn("The servers")
                .of("POSTGRES_PASSWORD", "Password of PostgreSQL's user postgres; taken on an empty volume only.")
                .of(
                        "DATABASE_URL",
                        "Of this host: what the stack's PostgreSQL is made with. Of another: the server used instead.")
                .of("REDIS_URL", "Of this host: the port of the stack's Redis. Of another: the server used instead.")
                .andOn("Python")
                .of("PYTHON", "Interpreter where the project has no virtual environment; python3 unless given.")
                .of("VENV_SYSTEM_PACKAGES", "Lets a virtual environment that is made see the system's packages.");
    }

    @Override
    public StackDefinition define(Environment environment, Settings settings) {
        Servers servers = Servers.of(environment, settings);
        Python restApi = backend("rest-api", "rest_api.main:app", environment, settings, servers)
                .port("http", 8000)
                .hostPort(8000)
                .probe(Probe.http("/api/health"))
                .page("http", "/docs");
        Python gateway = backend("ws-gateway", "ws_gateway.main:app", environment, settings, servers)
                .port("http", 8001)
                .hostPort(8001)
                .probe(Probe.http("/ws/health"))
                // alone it does its work too
                .needs(Dependency.optional(Dependency.healthy("rest-api")));
        return StackDefinition.of(name(), environment)
                .add(servers.db(), servers.redis(), ollama())
                .add(listening(restApi), listening(gateway))
                .build();
    }

    /** The two servers; both are published in a release too, as their users are processes of the host. */
    private record Servers(Postgres db, Redis redis, Value databaseUrl, Value redisUrl) {

        static Servers of(Environment environment, Settings settings) {
            Elsewhere elsewhere = new Elsewhere(settings).seenFromHost();
            Postgres db = elsewhere.apply("DATABASE_URL", database(environment, settings, elsewhere));
            Redis redis = elsewhere.apply(
                    "REDIS_URL",
                    Redis.service("redis")
                            .hostPort(elsewhere.own("REDIS_URL").port().orElse(6380))
                            .command(
                                    "redis-server",
                                    "--appendonly",
                                    "yes",
                                    "--maxmemory",
                                    "256mb",
                                    "--maxmemory-policy",
                                    "allkeys-lru")
                            .data("redisdata"));
            String scheme = elsewhere.own("DATABASE_URL").scheme().orElse("postgresql");
            return new Servers(
                    db, redis, elsewhere.url("DATABASE_URL", db.url(scheme)), elsewhere.url("REDIS_URL", redis.url()));
        }

        /** What stands in a URL of this host is what the server is made with. */
        private static Postgres database(Environment environment, Settings settings, Elsewhere elsewhere) {
            Elsewhere.OwnUrl own = elsewhere.own("DATABASE_URL");
            Value password = own.password()
                    .map(Value::secret)
                    .orElseGet(() -> settings.password("POSTGRES_PASSWORD", "postgres"));
            if (environment.isRelease()
                    && own.password().filter("postgres"::equals).isPresent()) {
                settings.reject(
                        "DATABASE_URL",
                        "has the known development password, which " + environment.id() + " refuses.",
                        "Set it with a password of its own in .env." + environment.id() + ".");
            }
            return Postgres.pgvector("db")
                    .user(own.user().orElse("postgres"))
                    .password(password)
                    .database(own.path().orElse("menu_ops"))
                    .hostPort(own.port().orElse(5432))
                    .data("pgdata");
        }
    }

    /** Models on this machine, for who asks for them. */
    private static Service ollama() {
        return Service.image("ollama", "ollama/ollama")
                .port("http", 11434)
                .hostPort(11434)
                .volume("ollama", "/root/.ollama")
                .probe(Probe.http("/api/version"))
                .onRequest();
    }

    private static Python backend(
            String name, String application, Environment environment, Settings settings, Servers servers) {
        Python python = Python.module(name, "", "uvicorn", application)
                .process(process ->
                        process.entry(application.replaceFirst(":.*", "").replace('.', '/') + ".py"))
                .requirements("requirements.txt", environmentOptions(settings))
                .env("PYTHONPATH", ".")
                .env("DATABASE_URL", servers.databaseUrl())
                .env("REDIS_URL", servers.redisUrl())
                .env("JWT_SECRET", settings.secret("JWT_SECRET", "your-secret-key-minimum-32-characters"))
                .env("TABLE_TOKEN_SECRET", settings.secret("TABLE_TOKEN_SECRET", "another-secret-key-minimum-32-chars"))
                .env("ALLOWED_ORIGINS", settings.text("ALLOWED_ORIGINS", ORIGINS))
                .env(
                        "DEBUG",
                        Boolean.toString(
                                settings.developmentSwitch("DEBUG", "shows strangers the inside of a failure")))
                .env("ENVIRONMENT", nameOf(environment))
                .needs(servers.db())
                .needs(servers.redis())
                .patience(PATIENCE);
        Python reloading = settings.flag("RELOAD", Boolean.toString(environment == Environment.DEV))
                ? python.arguments("--reload")
                : python;
        return settings.given("PYTHON").map(reloading::interpreter).orElse(reloading);
    }

    private static Python listening(Python service) {
        return service.arguments("--port").argument(service.ownPort("http"));
    }

    private static String[] environmentOptions(Settings settings) {
        return settings.flag("VENV_SYSTEM_PACKAGES", "false") ? new String[] {"--system-site-packages"} : new String[0];
    }

    private static String nameOf(Environment environment) {
        return switch (environment) {
            case DEV -> "development";
            case STAGE -> "staging";
            case PROD -> "production";
            case BASE, TEST -> environment.id();
        };
    }
}
