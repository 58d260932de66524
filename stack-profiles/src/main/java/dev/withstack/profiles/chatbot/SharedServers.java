package dev.withstack.profiles.chatbot;

import dev.withstack.core.catalog.Minio;
import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Prometheus;
import dev.withstack.core.catalog.Qdrant;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.core.settings.Settings;

/**
 * The base: the servers that all environments share. It is defined from what all environments read, so that it is the
 * same whichever of them starts it.
 */
record SharedServers(
        Postgres postgres, Redis redis, Qdrant qdrant, Minio minio, String minioUser, Value minioPassword) {

    static SharedServers of(Settings settings) {
        String minioUser = settings.text("MINIO_ROOT_USER", "minioadmin");
        Value minioPassword = settings.password("MINIO_ROOT_PASSWORD", "minioadmin");
        return new SharedServers(
                Postgres.service("postgres")
                        .hostPort(5433)
                        .user(settings.text("POSTGRES_USER", "postgres"))
                        .password(settings.password("POSTGRES_PASSWORD", "postgres"))
                        .data("postgres_data")
                        .shellAlias("db"),
                Redis.service("redis")
                        .source(new Source.Image("redis:7.2-alpine"))
                        .hostPort(6379)
                        .data("redis_data"),
                Qdrant.service("qdrant")
                        .hostPort("http", 6333)
                        .hostPort("grpc", 6334)
                        .data("qdrant_data")
                        .probe(Probe.http("/healthz")),
                Minio.service("minio")
                        .credentials(minioUser, minioPassword)
                        .hostPort("s3", 9000)
                        .hostPort("console", 9001)
                        .data("minio_data"),
                minioUser,
                minioPassword);
    }

    /** Return the base as a stack. */
    StackDefinition definition(String nameOnEngine, Settings settings) {
        Prometheus prometheus = Observability.prometheus();
        return StackDefinition.of(nameOnEngine, Environment.BASE)
                .add(postgres, redis, qdrant, minio)
                .add(prometheus, Observability.grafana(settings, prometheus), Entry.nginx(settings))
                .build();
    }
}
