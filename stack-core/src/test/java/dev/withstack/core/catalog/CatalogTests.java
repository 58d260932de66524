package dev.withstack.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Data;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.core.model.VolumeMount;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CatalogTests {
    private static final AddressBook NETWORK = (service, endpoint) -> new HostAndPort(service, 1);

    @Test
    void redisWhenDeclaredIsWhatItSays() {
        Redis redis = Redis.service("cache").data("cache_data");
        Service service = redis.service();

        assertThat(service.source()).isEqualTo(new Source.Image("redis:7-alpine"));
        assertThat(service.endpoint("").port()).isEqualTo(6379);
        assertThat(service.volumes()).containsExactly(new VolumeMount("cache_data", "/data"));
        assertThat(service.probe()).contains(new Probe.RedisPing("", Optional.empty()));
        assertThat(service.containerCheck().map(ContainerCheck::interval)).contains(Duration.ofSeconds(5));
        assertThat(redis.url().resolve(NETWORK)).isEqualTo("redis://cache:1/0");
        assertThat(redis.url(3).resolve(NETWORK)).isEqualTo("redis://cache:1/3");
    }

    @Test
    void dataWhenAServerIsDeclaredIsOfItsKindWithTheCredentialsThatLetOneIn() {
        Value password = Value.secret("eight888");
        Service postgres = Postgres.service("db")
                .user("anna")
                .password(password)
                .database("shop")
                .service();

        assertThat(postgres.data()).contains(new Data.Postgres(Value.text("anna"), password, Value.text("shop")));
        assertThat(Redis.service("cache").service().data()).contains(new Data.Redis());
        assertThat(Qdrant.service("qdrant").service().data()).contains(new Data.Vectors());
        Minio minio = Minio.service("minio");
        assertThat(minio.service().data())
                .contains(new Data.Objects(Value.text("minioadmin"), Value.secret("minioadmin")));
        assertThat(minio.credentials("anna", password).service().data())
                .contains(new Data.Objects(Value.text("anna"), password));
        assertThat(Service.image("api", "api:1").data()).isEmpty();
        assertThat(minio.external(new HostAndPort("s3.example.com", 443))
                        .service()
                        .data())
                .isPresent();
    }

    @Test
    void minioWhenItsPasswordIsTooShortIsAProblemOfTheStack() {
        Minio minio = Minio.service("minio").credentials("anna", Value.secret("seven77"));

        assertThatThrownBy(() ->
                        StackDefinition.of("shop", Environment.DEV).add(minio).build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("minio: its password has 7 characters, and MinIO takes none under 8."
                        + " Give MINIO_ROOT_PASSWORD 8 characters or more.");
        StackDefinition.of("shop", Environment.DEV)
                .add(minio.credentials("anna", Value.secret("eight888")))
                .build();
        StackDefinition.of("shop", Environment.DEV)
                .add(minio.external(new HostAndPort("s3.example.com", 443)))
                .build();
    }

    @Test
    void postgresWhenConfiguredInAnyOrderHasOneSetOfCredentials() {
        Postgres postgres = Postgres.service("db")
                .env("TZ", "UTC")
                .shellAlias("sql")
                .password(Value.secret("pw"))
                .database("shop")
                .user("anna")
                .data("db_data");
        Service service = postgres.service();

        assertThat(service.environment().keySet())
                .containsExactly("POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB", "TZ");
        assertThat(service.environment().get("POSTGRES_DB")).isEqualTo(Value.text("shop"));
        assertThat(service.probe())
                .contains(new Probe.PostgresLogin("", Value.text("anna"), Value.secret("pw"), "shop"));
        assertThat(service.shell().orElseThrow().alias()).isEqualTo("sql");
        assertThat(service.shell().orElseThrow().environment()).containsEntry("PGPASSWORD", Value.secret("pw"));
        assertThat(postgres.url("postgresql+asyncpg").resolve(NETWORK))
                .isEqualTo("postgresql+asyncpg://anna:pw@db:1/shop");
        assertThat(postgres.jdbcUrl().resolve(NETWORK)).isEqualTo("jdbc:postgresql://db:1/shop");
    }

    @Test
    void postgresWhenItHasInitScriptsPutsThemWhereTheImageLooks() {
        Postgres postgres = Postgres.service("db")
                .initScript("10-schema.sql", Value.text("create schema analytics;"))
                .initScripts("database/init");

        assertThat(postgres.service().files())
                .containsExactly(
                        new FileMount.Generated(
                                "/docker-entrypoint-initdb.d/10-schema.sql",
                                Map.of("", Value.text("create schema analytics;"))),
                        new FileMount.FromProject("database/init", "/docker-entrypoint-initdb.d", List.of()));
    }

    @Test
    void pgvectorWhenDeclaredIsAPostgresWithTheExtension() {
        Postgres postgres = Postgres.pgvector("db").database("menu");

        assertThat(postgres.service().source()).isEqualTo(new Source.Image("pgvector/pgvector:pg16"));
        assertThat(postgres.service().files()).singleElement().satisfies(file -> {
            assertThat(file.path()).isEqualTo("/docker-entrypoint-initdb.d/00-vector.sql");
            assertThat(((FileMount.Generated) file).content("").resolve(NETWORK))
                    .contains("CREATE EXTENSION IF NOT EXISTS \"vector\";");
        });
    }

    @Test
    void postgresWhenAPasswordHasSignsOfUrlsIsStillOneUrl() {
        Postgres postgres = Postgres.service("db").user("a@b").password(Value.secret("p@ss/w:rd#1"));

        assertThat(postgres.url("postgresql").resolve(NETWORK))
                .isEqualTo("postgresql://a%40b:p%40ss%2Fw%3Ard%231@db:1/postgres");
        assertThat(postgres.url("postgresql").masked(NETWORK)).isEqualTo("postgresql://a%40b:***@db:1/postgres");
        assertThat(postgres.service().environment()).containsEntry("POSTGRES_PASSWORD", Value.secret("p@ss/w:rd#1"));
    }

    @Test
    void minioWhenDeclaredIsWhatItSays() {
        Minio minio = Minio.service("s3")
                .credentials("anna", Value.secret("password"))
                .data("s3_data");

        assertThat(minio.service().endpoint("s3").port()).isEqualTo(9000);
        assertThat(minio.service().endpoint("console").port()).isEqualTo(9001);
        assertThat(minio.service().probe()).contains(Probe.http("/minio/health/live"));
        assertThat(minio.service().environment())
                .containsEntry("MINIO_ROOT_USER", Value.text("anna"))
                .containsEntry("MINIO_ROOT_PASSWORD", Value.secret("password"));
        assertThat(minio.url().resolve(NETWORK)).isEqualTo("http://s3:1");
    }

    @Test
    void qdrantWhenDeclaredIsProbedFromOutsideOnly() {
        Qdrant qdrant = Qdrant.service("vectors").data("vectors_data");

        assertThat(qdrant.service().containerCheck()).isEmpty();
        assertThat(qdrant.service().probe()).contains(Probe.http("/readyz"));
        assertThat(qdrant.service().volumes()).containsExactly(new VolumeMount("vectors_data", "/qdrant/storage"));
        assertThat(qdrant.url().resolve(NETWORK)).isEqualTo("http://vectors:1");
    }
}
