package dev.withstack.profiles.biagent;

import dev.withstack.core.catalog.Minio;
import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.Value;
import dev.withstack.core.profile.Elsewhere;
import dev.withstack.core.settings.Settings;

/** The three servers that the applications work with, and the one-shot that makes the buckets. */
record DataLayer(Postgres postgres, Redis redis, Minio minio, Service buckets, String minioUser, Value minioPassword) {
    private static final String INIT = "/docker-entrypoint-initdb.d/";
    private static final String PGVECTOR =
            """
            -- What the applications expect of the database. Run once, on an empty volume. JSON needs no extension.
            CREATE EXTENSION IF NOT EXISTS "uuid-ossp";
            DO $$ BEGIN
              IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector') THEN
                CREATE EXTENSION IF NOT EXISTS vector;
              ELSE
                RAISE NOTICE 'this image has no pgvector: set POSTGRES_IMAGE to one that has, such as pgvector/pgvector:pg15';
              END IF;
            END $$;
            CREATE SCHEMA IF NOT EXISTS analytics;
            """;
    private static final String BOOTSTRAP =
            """
            #!/bin/sh
            # The users beside the owner: analytics_reader may read the schema analytics. Grant it to whoever should.
            set -eu
            psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
            DO $$ BEGIN
              IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'analytics_reader') THEN
                CREATE ROLE analytics_reader NOLOGIN;
              END IF;
            END $$;
            GRANT USAGE ON SCHEMA analytics TO analytics_reader;
            ALTER DEFAULT PRIVILEGES IN SCHEMA analytics GRANT SELECT ON TABLES TO analytics_reader;
            SQL
            """;

    static DataLayer of(Environment environment, Settings settings) {
        Elsewhere elsewhere = new Elsewhere(settings);
        String minioUser = settings.text("MINIO_ROOT_USER", "minioadmin");
        Value minioPassword = settings.password("MINIO_ROOT_PASSWORD", "minioadmin");
        Postgres postgres = elsewhere.apply("DATABASE_URL", postgres(environment, settings));
        Redis redis = elsewhere.apply("REDIS_URL", redis(environment));
        Minio minio = elsewhere.apply("MINIO_ENDPOINT", minio(environment, minioUser, minioPassword));
        return new DataLayer(
                postgres, redis, minio, buckets(settings, minio, minioUser, minioPassword), minioUser, minioPassword);
    }

    private static Postgres postgres(Environment environment, Settings settings) {
        return Postgres.service("postgres")
                .source(new Source.Image("postgres:15-alpine"))
                .database(settings.text("DB_NAME", "analytics_db"))
                .user(settings.text("DB_USER", "postgres"))
                .password(settings.password("DB_PASSWORD", "postgres"))
                .networks(BiAgent.LOCAL_DEV)
                .hostPort(5432)
                .portVariable("", "DB_PORT")
                .data("postgres_data")
                .fileOr("scripts/init-pgvector.sql", INIT + "01-pgvector.sql", Value.text(PGVECTOR))
                .fileOr("scripts/bootstrap-db.sh", INIT + "bootstrap.sh", Value.text(BOOTSTRAP))
                .shellAlias("db")
                .limits(Sizes.of(environment, 1, "1g"));
    }

    private static Redis redis(Environment environment) {
        return Redis.service("redis")
                .networks(BiAgent.LOCAL_DEV)
                .hostPort(6379)
                .command("redis-server", "--appendonly", "yes")
                .data("redis_data")
                .limits(Sizes.of(environment, 0.5, "512m"));
    }

    private static Minio minio(Environment environment, String user, Value password) {
        return Minio.service("minio")
                .source(new Source.Image("minio/minio:latest"))
                .credentials(user, password)
                .networks(BiAgent.LOCAL_DEV)
                .hostPort("s3", 9000)
                .hostPort("console", 9001)
                .command("server", "/minio_data", "--console-address", ":9001")
                .volume("minio_data", "/minio_data")
                .limits(Sizes.of(environment, 1, "1g"));
    }

    /** It runs once, and again when the store is new: buckets that are there stay. */
    private static Service buckets(Settings settings, Minio minio, String user, Value password) {
        Value store = settings.url("MINIO_ENDPOINT")
                .map(url -> Value.text(url.replaceFirst(".*?://", "")))
                .orElse(minio.address("s3"));
        String scheme = settings.url("MINIO_ENDPOINT")
                .map(url -> url.replaceFirst("://.*", ""))
                .orElse("http");
        return Service.image("minio-buckets", "minio/mc:latest")
                .networks(BiAgent.LOCAL_DEV)
                .env("MC_HOST_store", Value.join(scheme + "://" + user + ":", password, "@", store))
                .command("mb", "--ignore-existing", "store/models", "store/datasets", "store/logs")
                .needs(minio)
                .runsOnce();
    }

    Value redisUrl(Settings settings) {
        return new Elsewhere(settings).url("REDIS_URL", redis.url());
    }

    /** Let an application wait for the three servers and the buckets, and give it their addresses. */
    Service given(Service application, Settings settings) {
        Elsewhere elsewhere = new Elsewhere(settings);
        return application
                .env("DATABASE_URL", elsewhere.url("DATABASE_URL", postgres.url("postgresql")))
                .env("REDIS_URL", redisUrl(settings))
                .env("MINIO_ENDPOINT", elsewhere.url("MINIO_ENDPOINT", minio.url()))
                .env("MINIO_ACCESS_KEY", minioUser)
                .env("MINIO_SECRET_KEY", minioPassword)
                .needs(postgres)
                .needs(redis)
                .needs(minio)
                .needs(Dependency.completed(buckets.name()));
    }
}
