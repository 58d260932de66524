package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.Stacks;
import dev.withstack.core.catalog.Minio;
import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Qdrant;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.data.QdrantConnection;
import dev.withstack.core.data.RedisConnection;
import dev.withstack.core.data.S3Connection;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A stack of one server of each kind, all with data, and their own clients. */
record FourServers(RunningStack stack) implements AutoCloseable {
    private static final String SEED =
            """
            CREATE TABLE items (id serial PRIMARY KEY, name text NOT NULL, twice int GENERATED ALWAYS AS (id * 2) STORED);
            CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                item int NOT NULL REFERENCES items ON DELETE CASCADE, note json);
            CREATE TABLE audit (what text);
            CREATE FUNCTION audited() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN INSERT INTO audit VALUES (TG_OP); RETURN NULL; END $$;
            INSERT INTO items (name) VALUES ('tea'), (E'tab\\tand "quote"');
            INSERT INTO orders (item, note) VALUES (1, '{"n": 1}');
            CREATE TRIGGER audited AFTER INSERT OR DELETE ON items EXECUTE FUNCTION audited();
            CREATE MATERIALIZED VIEW names AS SELECT name FROM items;
            CREATE ROLE clerk LOGIN PASSWORD 'clerk-of-the-shop';
            GRANT SELECT ON items TO clerk;
            """;

    static FourServers start(String name) throws Exception {
        FourServers servers = new FourServers(Stacks.start(StackDefinition.of(name, Environment.TEST)
                .add(
                        Postgres.service("orders").database("shop").initScript("10-shop.sql", Value.text(SEED)),
                        Redis.service("cache"),
                        Minio.service("files").credentials("ada", Value.secret("lovelace-1815")),
                        Qdrant.service("vectors"))
                .build()));
        servers.fill();
        return servers;
    }

    private void fill() throws Exception {
        try (Jedis jedis = jedis()) {
            jedis.set("greeting", "hello");
            jedis.hset("prices", Map.of("tea", "3", "milk", "2"));
            jedis.expire("prices", 3600);
            jedis.select(3);
            jedis.rpush("queue", "a", "b");
        }
        try (S3Client s3 = s3()) {
            s3.createBucket(request -> request.bucket("papers"));
            s3.putObject(
                    request -> request.bucket("papers")
                            .key("a b/notes.txt")
                            .contentType("text/plain")
                            .metadata(Map.of("author", "ada")),
                    RequestBody.fromString("on the engine"));
            s3.putObject(request -> request.bucket("papers").key("other"), RequestBody.fromString("kept"));
        }
        String unused = collection("PUT", "seeded", "{\"vectors\":{\"size\":2,\"distance\":\"Dot\"}}");
        unused = collection(
                "PUT",
                "seeded/points?wait=true",
                "{\"points\":[{\"id\":1,\"vector\":[0.5,1.0],\"payload\":{\"word\":\"one\"}}]}");
    }

    S3Client s3() {
        S3Connection files = stack.service("files").connection(S3Connection.class);
        return S3Client.builder()
                .endpointOverride(files.endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                // other servers of the protocol than Amazon's do not know its newest kind of checksum
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .serviceConfiguration(settings -> settings.chunkedEncodingEnabled(false))
                .httpClient(UrlConnectionHttpClient.create())
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(files.accessKey(), files.secretKey())))
                .build();
    }

    Jedis jedis() {
        RedisConnection cache = stack.service("cache").connection(RedisConnection.class);
        return new Jedis(cache.address().host(), cache.address().port());
    }

    String collection(String method, String path, String body) throws Exception {
        URI uri = URI.create(
                stack.service("vectors").connection(QdrantConnection.class).url() + "/collections"
                        + (path.isEmpty() ? "" : "/" + path));
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    @Override
    public void close() {
        stack.close();
    }
}
