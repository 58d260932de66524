package dev.withstack.profiles.chatbot;

import dev.withstack.core.catalog.CeleryWorker;
import dev.withstack.core.catalog.Flower;
import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Replicas;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Share;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.core.profile.Elsewhere;
import dev.withstack.core.profile.Explanations;
import dev.withstack.core.profile.SelfSigned;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The chatbot: application, Celery worker and Flower once for each environment, on a base of seven servers that all
 * environments share. In the servers each environment has a database, a key space, collections and buckets of its own.
 */
public final class Chatbot implements StackProfile {
    private static final String DATABASE = "shia_chatbot";
    private static final String TASKS = "src.app.tasks";
    private static final String IMAGE = "shia-chatbot";
    private static final List<String> BUCKETS = List.of("documents", "archive");
    private static final List<String> PASSED_ON = List.of(
            "LANGFUSE_PUBLIC_KEY",
            "LANGFUSE_HOST",
            "GOOGLE_CLOUD_PROJECT_ID",
            "GOOGLE_APPLICATION_CREDENTIALS",
            "SMTP_HOST",
            "SMTP_PORT",
            "SMTP_USER",
            "SQLALCHEMY_POOL_SIZE",
            "SQLALCHEMY_MAX_OVERFLOW");
    private static final List<String> PASSED_ON_HIDDEN = List.of("LANGFUSE_SECRET_KEY", "SMTP_PASSWORD");

    @Override
    public String name() {
        return "chatbot";
    }

    @Override
    public String nameOnEngine() {
        return "shia-chatbot";
    }

    @Override
    public boolean hasBase() {
        return true;
    }

    @Override
    public String description() {
        return "Chatbot: FastAPI, Celery worker and Flower in each environment, on seven servers that all share";
    }

    @Override
    public List<String> marks() {
        return List.of("Dockerfile", "src/app/tasks.py");
    }

    @Override
    public Optional<SelfSigned> certificate() {
        return Optional.of(Entry.CERTIFICATE);
    }

    @Override
    public StackDefinition define(Environment environment, Settings settings) {
        Settings ofBase = settings.ofBase();
        SharedServers servers = SharedServers.of(ofBase);
        StackDefinition base = servers.definition(nameOnEngine(), ofBase);
        return environment == Environment.BASE ? base : new InEnvironment(environment, settings, servers).on(base);
    }

    /** The application in one environment. */
    private final class InEnvironment {
        private final Environment environment;
        private final Settings settings;
        private final SharedServers servers;
        private final Elsewhere elsewhere;
        private final Ways ways;
        private final List<Service> external = new ArrayList<>();
        private final List<Share> shares = new ArrayList<>();

        InEnvironment(Environment environment, Settings settings, SharedServers servers) {
            this.environment = environment;
            this.settings = settings;
            this.servers = servers;
            this.elsewhere = new Elsewhere(settings);
            this.ways = Ways.of(environment);
        }

        StackDefinition on(StackDefinition base) {
            Service app = app();
            Service worker = worker(app);
            return StackDefinition.of(nameOnEngine(), environment)
                    .base(base)
                    .add(external.toArray(Service[]::new))
                    .add(app, worker, flower(app))
                    .share(shares.toArray(Share[]::new))
                    .build();
        }

        private Service app() {
            Service app = common(built("app"))
                    .target("app")
                    .port("http", 8000)
                    .hostPort(ways.appPort())
                    .probe(Probe.http("/health").json("status", "healthy"))
                    .containerCheck(ContainerCheck.python("http://127.0.0.1:8000/health"))
                    .limits(ways.appLimits())
                    .shell("app", "sh")
                    .page("http", "/docs");
            // in front of a release stands an entry, so that a new version can take over while it is used
            Service behind = environment == Environment.PROD ? app.replicas(1) : app;
            return behind.onHost(
                    ".", "uvicorn", "src.app.main:app", "--reload", "--port", port("APP_PORT", ways.appPort()));
        }

        private Service worker(Service app) {
            CeleryWorker worker = CeleryWorker.of(built("celery-worker").target("app"), TASKS)
                    .concurrency(workers())
                    .replicas(Replicas.one())
                    .limits(ways.workerLimits())
                    .shell("worker", "sh");
            return likeTheApplication(worker.service(), app)
                    .onHost(".", "celery", "-A", TASKS, "worker", "--loglevel", logLevel());
        }

        private Service flower(Service app) {
            Flower flower = Flower.of(built("flower").target("flower"), TASKS).hostPort(ways.flowerPort());
            Value broker =
                    Optional.ofNullable(app.environment().get("REDIS_URL")).orElseThrow();
            return needing("redis", app, flower.env("REDIS_URL", broker).env("CELERY_BROKER_URL", broker));
        }

        /** All are built from the project's one Dockerfile. */
        private static Service built(String name) {
            return Service.built(name, ".").imageName(IMAGE);
        }

        private static Service likeTheApplication(Service service, Service app) {
            Service same = service;
            for (var variable : app.environment().entrySet()) {
                same = same.env(variable.getKey(), variable.getValue());
            }
            for (Dependency dependency : app.dependencies()) {
                same = same.needs(dependency);
            }
            return same;
        }

        private static Service needing(String server, Service app, Flower flower) {
            Service service = flower.service();
            for (Dependency dependency : app.dependencies()) {
                service = dependency.on().endsWith(server) ? service.needs(dependency) : service;
            }
            return service;
        }

        private Service common(Service service) {
            Service app = service.env("ENVIRONMENT", environment.id())
                    .env(
                            "DEBUG",
                            Boolean.toString(
                                    settings.developmentSwitch("DEBUG", "shows everyone what went wrong inside")))
                    .env("LOG_LEVEL", logLevel())
                    .env("WORKERS", Integer.toString(workers()))
                    .env(
                            "SECRET_KEY",
                            settings.secret(
                                    "SECRET_KEY", "dev-secret-key-change-in-production", "your-secret-key-here"))
                    .env("OPENROUTER_API_KEY", settings.issuedKey("OPENROUTER_API_KEY", "your-openrouter-api-key"))
                    .env("MINIO_ROOT_USER", servers.minioUser())
                    .env("MINIO_ROOT_PASSWORD", servers.minioPassword());
            app = database(keySpace(collections(buckets(app))));
            for (String name : PASSED_ON) {
                Optional<String> value = settings.given(name);
                app = value.isPresent() ? app.env(name, value.get()) : app;
            }
            for (String name : PASSED_ON_HIDDEN) {
                Optional<Value> value = settings.optionalSecret(name);
                app = value.isPresent() ? app.env(name, value.get()) : app;
            }
            return app;
        }

        private Service database(Service app) {
            String name = environment.id() + "_" + DATABASE;
            Value ours = servers.postgres().database(name).url("postgresql+asyncpg");
            if (runsElsewhere("DATABASE_URL", servers.postgres())) {
                return withManaged(app, "DATABASE_URL", servers.postgres());
            }
            shares.add(new Share.Database("postgres", name));
            checkNames("DATABASE_URL", "/" + name, "the database '" + name + "'");
            return app.env("DATABASE_URL", elsewhere.url("DATABASE_URL", ours)).needs(Dependency.healthy("postgres"));
        }

        private Service keySpace(Service app) {
            if (runsElsewhere("REDIS_URL", servers.redis())) {
                return withManaged(app, "REDIS_URL", servers.redis());
            }
            String number = settings.ownOfEnvironment(
                    "REDIS_DATABASE", other -> Integer.toString(Ways.of(other).redisDatabase()));
            int database = settings.number("REDIS_DATABASE", Integer.parseInt(usual(number)), 0, 15);
            shares.add(new Share.KeySpace("redis", database));
            checkNames("REDIS_URL", "/" + database, "database " + database);
            return app.env(
                            "REDIS_URL",
                            elsewhere.url("REDIS_URL", servers.redis().url(database)))
                    .needs(Dependency.healthy("redis"));
        }

        private String usual(String number) {
            return number.matches("[0-9]{1,2}") ? number : Integer.toString(ways.redisDatabase());
        }

        private Service collections(Service app) {
            String prefix = settings.ownOfEnvironment("QDRANT_COLLECTION_PREFIX", other -> other.id() + "_");
            Service with = app.env("QDRANT_COLLECTION_PREFIX", prefix);
            if (runsElsewhere("QDRANT_URL", servers.qdrant())) {
                return withManaged(with, "QDRANT_URL", servers.qdrant());
            }
            shares.add(new Share.Collections("qdrant", prefix));
            return with.env("QDRANT_URL", servers.qdrant().url());
        }

        private Service buckets(Service app) {
            String prefix = settings.ownOfEnvironment("MINIO_BUCKET_PREFIX", other -> other.id() + "-");
            Service with = app.env("MINIO_BUCKET_PREFIX", prefix);
            if (runsElsewhere("MINIO_URL", servers.minio())) {
                return withManaged(with, "MINIO_URL", servers.minio());
            }
            shares.add(new Share.Buckets("minio", prefix, BUCKETS));
            return with.env("MINIO_URL", servers.minio().url());
        }

        private <S extends Declared<S>> boolean runsElsewhere(String setting, S server) {
            return elsewhere.apply(setting, server).service().source() instanceof Source.External;
        }

        /** Use a server that somebody else runs: asked whether it is there, never started. */
        private <S extends Declared<S>> Service withManaged(Service app, String setting, S server) {
            Service applied = elsewhere.apply(setting, server).service();
            Source.External source = (Source.External) applied.source();
            String endpoint = applied.endpoint("").name();
            Service managed = Service.external("managed-" + server.name(), source.address(0))
                    .port(endpoint, applied.endpoint("").port())
                    .probe(Probe.tcp());
            external.add(managed);
            return app.env(setting, elsewhere.url(setting, Value.text(""))).needs(managed);
        }

        /** A URL into the shared server must end with what is this environment's own. */
        private void checkNames(String setting, String ending, String what) {
            settings.url(setting).ifPresent(url -> {
                if (!ending.equals(pathOf(url))) {
                    settings.reject(
                            setting,
                            "does not lead to " + what + ", which is all of the shared server that belongs to "
                                    + environment.id() + ".",
                            "Let it end with " + ending + ", or leave it out.");
                }
            });
        }

        private static String pathOf(String url) {
            try {
                String path = new URI(url).getPath();
                return path == null ? "" : path;
            } catch (URISyntaxException e) {
                // reported where the host was asked for
                return "";
            }
        }

        /** On the host the application is where its container would be. */
        private String port(String setting, int usual) {
            return settings.given(setting)
                    .filter(port -> port.matches("[0-9]+"))
                    .orElse(Integer.toString(usual));
        }

        private String logLevel() {
            return settings.text("LOG_LEVEL", ways.logLevel());
        }

        private int workers() {
            return settings.number("WORKERS", ways.workers(), 1, 64);
        }
    }

    @Override
    public Explanations explanations() {
        return Explanations.on("The application")
                .of("DEBUG", "Shows what went wrong inside to whoever asks: true or false.")
                .of("LOG_LEVEL", "Logs from this level on: DEBUG, INFO, WARNING or ERROR.")
                .of("WORKERS", "Sets how many processes answer requests, and how many tasks a worker works on at once.")
                .of("SECRET_KEY", "Signs what the application hands out.")
                .of("OPENROUTER_API_KEY", "Opens OpenRouter, which runs the language models.")
                .of("LANGFUSE_PUBLIC_KEY", "Names the project at Langfuse that conversations are shown in.")
                .of("LANGFUSE_SECRET_KEY", "Opens Langfuse.")
                .of("LANGFUSE_HOST", "Tells where Langfuse is, such as https://cloud.langfuse.com.")
                .of("GOOGLE_CLOUD_PROJECT_ID", "Names the project that speech recognition is charged to.")
                .of("GOOGLE_APPLICATION_CREDENTIALS", "Names the file with Google's credentials, inside the container.")
                .of("SMTP_HOST", "Tells which server sends mail.")
                .of("SMTP_PORT", "Tells its port, such as 587.")
                .of("SMTP_USER", "Logs into it.")
                .of("SMTP_PASSWORD", "Logs into it.")
                .of("SQLALCHEMY_POOL_SIZE", "Sets how many connections to the database are kept open.")
                .of("SQLALCHEMY_MAX_OVERFLOW", "Sets how many more are opened when that is not enough.")
                .andOn("What is the environment's own in the shared servers")
                .of("REDIS_DATABASE", "Numbers the key space in Redis, 0 to 15.")
                .of("QDRANT_COLLECTION_PREFIX", "Begins the names of the collections in Qdrant.")
                .of("MINIO_BUCKET_PREFIX", "Begins the names of the buckets in MinIO.")
                .andOn("The base that all environments share: only .env counts")
                .of("POSTGRES_USER", "Is PostgreSQL's superuser; taken on an empty volume only.")
                .of("POSTGRES_PASSWORD", "Is its password; taken on an empty volume only.")
                .of("MINIO_ROOT_USER", "Is MinIO's user.")
                .of("MINIO_ROOT_PASSWORD", "Is its password, of eight characters or more.")
                .of("GRAFANA_ADMIN_USER", "Is Grafana's administrator.")
                .of("GRAFANA_ADMIN_PASSWORD", "Is the administrator's password.")
                .of(
                        "NGINX_ENVIRONMENT",
                        "Tells which environment the bare address of Nginx leads to: dev, stage or prod.")
                .of("NGINX_CERTIFICATE", "Names the certificate for 8443 in the project, such as certs/nginx.crt.")
                .of("NGINX_CERTIFICATE_KEY", "Names its key, such as certs/nginx.key.")
                .andOn("Servers that run elsewhere, used instead of the shared ones")
                .of("DATABASE_URL", "Such as postgresql+asyncpg://user:password@db.example.com:5432/chatbot.")
                .of("REDIS_URL", "Such as redis://cache.example.com:6379/0.")
                .of("QDRANT_URL", "Such as http://vectors.example.com:6333.")
                .of("MINIO_URL", "Such as http://s3.example.com:9000.");
    }
}
