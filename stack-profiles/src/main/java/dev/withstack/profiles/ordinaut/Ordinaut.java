package dev.withstack.profiles.ordinaut;

import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Hardening;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.Names;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Replicas;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StopPolicy;
import dev.withstack.core.profile.Elsewhere;
import dev.withstack.core.profile.Explanations;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import java.time.Duration;
import java.util.List;

/**
 * The Ordinaut task orchestrator: PostgreSQL with the queue, Redis with the events, and the API, the scheduler and the
 * workers on top of them.
 */
public final class Ordinaut implements StackProfile {
    private static final String NETWORK = "yoda-tasker-network";
    private static final String SOURCE = "ordinaut";
    private static final String SCHEMA = "migrations/version_0001.sql";
    private static final String USER = "orchestrator";
    private static final String DEVELOPMENT_PASSWORD = "orchestrator";
    private static final Hardening NO_NEW_RIGHTS = Hardening.NONE.noNewPrivileges();
    private static final Hardening OF_THE_APPLICATION =
            NO_NEW_RIGHTS.readOnlyRoot().tmpfs("/tmp").dropAllCapabilities();

    @Override
    public String name() {
        return "ordinaut";
    }

    @Override
    public String description() {
        return "task orchestrator: PostgreSQL, Redis, API, scheduler, SKIP LOCKED workers";
    }

    @Override
    public List<String> marks() {
        return List.of(SOURCE, SCHEMA);
    }

    @Override
    public Explanations explanations() {
        return Explanations.on("Every service of the application")
                .of("LOG_LEVEL", "How much is logged: debug, info, warn, error.")
                .of("TZ", "Time zone of the containers.")
                .andOn("The API")
                .of("UVICORN_HOST", "Where it listens in its container.")
                .of("UVICORN_PORT", "Its port in its container and in the network.")
                .of("UVICORN_WORKERS", "How many processes serve.")
                .andOn("The scheduler")
                .of("SCHEDULER_MISFIRE_GRACE_TIME", "Seconds by which a repeated job may be late; later it is missed.")
                .of("SCHEDULER_MAX_WORKERS", "How many due tasks are put on the queue at a time.")
                .andOn("The workers")
                .of("WORKER_LEASE_SECONDS", "How long a job belongs to a worker that does not say it goes on.")
                .of("WORKER_POLL_INTERVAL", "Seconds between two looks at an empty queue.")
                .of("WORKER_MAX_RETRIES", "How often a job that fails is tried again.")
                .of("WORKER_BACKOFF_MAX_DELAY", "Longest wait before another try, in seconds.")
                .andOn("The servers")
                .of("POSTGRES_PASSWORD", "Password of PostgreSQL's user orchestrator; taken on an empty volume only.")
                .andOn("Servers that run elsewhere, used instead of the stack's own")
                .of("DATABASE_URL", "Such as postgresql://user:password@db.example.com:5432/orchestrator.")
                .of("REDIS_URL", "Such as redis://cache.example.com:6379/0.");
    }

    @Override
    public StackDefinition define(Environment environment, Settings settings) {
        Ways ways = new Ways(environment, settings);
        Postgres postgres = ways.postgres();
        Redis redis = ways.redis();
        return StackDefinition.of(name(), environment)
                .network("backend", environment == Environment.DEV ? NETWORK : NETWORK + "-" + environment.id())
                .add(postgres, redis)
                .add(ways.api(postgres, redis), ways.scheduler(postgres, redis), ways.worker(postgres, redis))
                .build();
    }

    /** How the five services are run in one environment, with its settings. */
    private record Ways(Environment environment, Settings settings) {

        Postgres postgres() {
            Postgres server = Postgres.service("postgres")
                    .source(new Source.Image("postgres:16.4"))
                    .hostPort(5432)
                    .database(environment.isRelease() ? "orchestrator" : "orchestrator_dev")
                    .user(USER)
                    .password(settings.password("POSTGRES_PASSWORD", DEVELOPMENT_PASSWORD))
                    .volumeNamed("pgdata-" + environment.id(), "/var/lib/postgresql/data")
                    .copy(SCHEMA, "/docker-entrypoint-initdb.d/version_0001.sql")
                    .migrations("migrations")
                    .env("TZ", timeZone())
                    .hardening(NO_NEW_RIGHTS)
                    .logRotation("100m", 3)
                    .shellAlias("db");
            return new Elsewhere(settings)
                    .apply("DATABASE_URL", environment.isRelease() ? tuned(server.limits(limits(1, "1g"))) : server);
        }

        private static Postgres tuned(Postgres server) {
            return server.command(
                    "postgres",
                    "-c",
                    "shared_preload_libraries=pg_stat_statements",
                    "-c",
                    "max_connections=200",
                    "-c",
                    "shared_buffers=256MB",
                    "-c",
                    "work_mem=4MB");
        }

        Redis redis() {
            Redis server = Redis.service("redis")
                    .source(new Source.Image("redis:7.2.5"))
                    .hostPort(6379)
                    .command(
                            "redis-server",
                            "--appendonly",
                            "yes",
                            "--maxmemory",
                            "256mb",
                            "--maxmemory-policy",
                            "allkeys-lru")
                    .volumeNamed("redisdata-" + environment.id(), "/data")
                    .env("TZ", timeZone())
                    .hardening(NO_NEW_RIGHTS.readOnlyRoot())
                    .logRotation("50m", 3);
            return new Elsewhere(settings)
                    .apply("REDIS_URL", environment.isRelease() ? server.limits(limits(0.5, "512m")) : server);
        }

        Service api(Postgres postgres, Redis redis) {
            int port = settings.number("UVICORN_PORT", 8080, 1, 65535);
            String health = "http://127.0.0.1:" + port + "/health";
            Service api = ofTheApplication("api", postgres, redis)
                    .port("http", port)
                    .hostPort(8080)
                    .env("UVICORN_HOST", settings.text("UVICORN_HOST", "0.0.0.0"))
                    .env("UVICORN_PORT", Integer.toString(port))
                    .env("UVICORN_WORKERS", settings.text("UVICORN_WORKERS", environment.isRelease() ? "4" : "1"))
                    .env("UVICORN_RELOAD", Boolean.toString(isReloaded("api")))
                    .probe(Probe.http("/health").json("status", "healthy"))
                    .containerCheck(ContainerCheck.python(health))
                    .replicas(environment.isRelease() ? 2 : 1)
                    .page("http", "/docs");
            return environment.isRelease() ? api.limits(limits(1, "1g")) : api;
        }

        Service scheduler(Postgres postgres, Redis redis) {
            Service scheduler = ofTheApplication("scheduler", postgres, redis)
                    .env("SCHEDULER_MISFIRE_GRACE_TIME", settings.text("SCHEDULER_MISFIRE_GRACE_TIME", "30"))
                    .env("SCHEDULER_MAX_WORKERS", settings.text("SCHEDULER_MAX_WORKERS", "10"));
            return environment.isRelease()
                    ? withSignOfLife(scheduler).limits(limits(0.5, "512m"))
                    : withSignOfLife(scheduler);
        }

        Service worker(Postgres postgres, Redis redis) {
            Service worker = withSignOfLife(ofTheApplication("worker", postgres, redis))
                    .env("WORKER_LEASE_SECONDS", settings.text("WORKER_LEASE_SECONDS", "60"))
                    .env("WORKER_POLL_INTERVAL", settings.text("WORKER_POLL_INTERVAL", "0.5"))
                    .env("WORKER_MAX_RETRIES", settings.text("WORKER_MAX_RETRIES", "3"))
                    .env("WORKER_BACKOFF_MAX_DELAY", settings.text("WORKER_BACKOFF_MAX_DELAY", "60"))
                    // what is in hand is finished first
                    .stopPolicy(new StopPolicy("", Duration.ofSeconds(30)));
            return switch (environment) {
                case DEV -> worker.replicas(Replicas.of(2).developed(1));
                case TEST, BASE -> worker.replicas(1);
                case STAGE -> worker.replicas(2).limits(limits(1, "1g"));
                case PROD -> worker.replicas(4).limits(limits(1, "1g"));
            };
        }

        /** Scheduler and workers have no port: they say that their loop goes round. */
        private Service withSignOfLife(Service service) {
            return service.env("RELOAD", Boolean.toString(isReloaded(service.name())))
                    .probe(Probe.command("python", "-m", "ordinaut.life"))
                    .containerCheck(ContainerCheck.of("python", "-m", "ordinaut.life"));
        }

        private Service ofTheApplication(String name, Postgres postgres, Redis redis) {
            Elsewhere elsewhere = new Elsewhere(settings);
            Service service = Service.built(name, SOURCE)
                    .target(name)
                    .env("DATABASE_URL", elsewhere.url("DATABASE_URL", postgres.url("postgresql")))
                    .env("REDIS_URL", elsewhere.url("REDIS_URL", redis.url()))
                    .env("TZ", timeZone())
                    .env("LOG_LEVEL", settings.text("LOG_LEVEL", environment.isRelease() ? "info" : "debug"))
                    .needs(postgres)
                    .needs(redis)
                    .hardening(OF_THE_APPLICATION)
                    .logRotation("100m", 3)
                    .shell(name, "sh");
            return isReloaded(name) ? service.bindReadOnly(SOURCE + "/" + SOURCE, "/app/" + SOURCE) : service;
        }

        /** Whether the service runs the source as it is being written. */
        private boolean isReloaded(String name) {
            boolean isBuilt = settings.given(Names.variable(name, "IMAGE")).isEmpty();
            return environment == Environment.DEV && isBuilt;
        }

        private String timeZone() {
            return settings.text("TZ", "Europe/Chisinau");
        }

        private static Limits limits(double cpus, String memory) {
            long bytes = Limits.parseSize(memory);
            return Limits.NONE
                    .cpus(cpus)
                    .memory(memory)
                    .reservedCpus(cpus / 4)
                    .reservedMemory(Long.toString(bytes / 4));
        }
    }
}
