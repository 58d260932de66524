package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** The four servers of a running Frostbyte, each talked to through its own client, from the host. */
class ServersIT {
    @RegisterExtension
    static final WholeStack stack = new WholeStack();

    @Test
    @Row("frostbyte.redis")
    void redisWhenStartedAnswersPingAndKeepsItsDataInItsVolume() throws Exception {
        try (Jedis redis = stack.servers().redis()) {
            assertThat(redis.ping()).isEqualTo("PONG");
            redis.set("it.key", "a value");
            assertThat(redis.get("it.key")).isEqualTo("a value");
            assertThat(redis.info("server")).contains("redis_version:7.");
            redis.del("it.key");
        }
        assertThat(imageAskedFor("redis")).isEqualTo("redis:7-alpine");
        assertThat(volumesOf("redis")).containsOnlyKeys(stack.launcher().volume("dev", "redis_data"));
    }

    @Test
    @Row("frostbyte.postgres")
    void postgresWhenStartedTakesTheDocumentsLoginAndKeepsItsDataInItsVolume() throws Exception {
        Servers servers = stack.servers();

        assertThat(servers.sql("SELECT current_user || ' ' || current_database()"))
                .isEqualTo("frostbyte frostbyte");
        assertThat(servers.sql("SHOW server_version")).startsWith("16.");
        assertThat(servers.sql("SHOW fsync")).isEqualTo("on");
        assertThat(imageAskedFor("postgres")).isEqualTo("postgres:16-alpine");
        assertThat(volumesOf("postgres")).containsKey(stack.launcher().volume("dev", "postgres_data"));
    }

    @Test
    @Row("frostbyte.minio")
    void minioWhenStartedServesS3AndItsConsoleAndKeepsItsDataInItsVolume() throws Exception {
        try (S3Client s3 = stack.servers().s3()) {
            s3.createBucket(request -> request.bucket("it-bucket"));
            s3.putObject(
                    request -> request.bucket("it-bucket").key("a/b.txt"), RequestBody.fromString("Grüße aus dem Eis"));
            assertThat(s3.getObjectAsBytes(
                                    request -> request.bucket("it-bucket").key("a/b.txt"))
                            .asUtf8String())
                    .isEqualTo("Grüße aus dem Eis");
            s3.deleteObject(request -> request.bucket("it-bucket").key("a/b.txt"));
            s3.deleteBucket(request -> request.bucket("it-bucket"));
        }
        assertThat(Servers.get("http://127.0.0.1:" + stack.ports().s3() + "/minio/health/live")
                        .statusCode())
                .isEqualTo(200);
        assertThat(Servers.get("http://127.0.0.1:" + stack.ports().console() + "/")
                        .statusCode())
                .isEqualTo(200);
        assertThat(imageAskedFor("minio")).isEqualTo("minio/minio");
        assertThat(volumesOf("minio")).containsOnlyKeys(stack.launcher().volume("dev", "minio_data"));
    }

    @Test
    @Row("frostbyte.qdrant")
    void qdrantWhenStartedServesItsRestInterfaceAndKeepsItsDataInItsVolume() throws Exception {
        Servers servers = stack.servers();
        assertThat(Servers.get("http://127.0.0.1:" + stack.ports().qdrant() + "/readyz")
                        .statusCode())
                .isEqualTo(200);

        servers.qdrant("PUT", "/collections/it", "{\"vectors\": {\"size\": 2, \"distance\": \"Cosine\"}}");
        servers.qdrant(
                "PUT",
                "/collections/it/points?wait=true",
                "{\"points\": [{\"id\": 1, \"vector\": [1, 0]}, {\"id\": 2, \"vector\": [0, 1]}]}");
        Object nearest =
                servers.qdrant("POST", "/collections/it/points/search", "{\"vector\": [0.1, 0.9], \"limit\": 1}");
        servers.qdrant("DELETE", "/collections/it", "");

        assertThat(nearest.toString()).contains("id=2");
        assertThat(imageAskedFor("qdrant")).isEqualTo("qdrant/qdrant");
        assertThat(volumesOf("qdrant")).containsOnlyKeys(stack.launcher().volume("dev", "qdrant_data"));
    }

    private static String imageAskedFor(String service) {
        return stack.start().events("service").stream()
                .filter(event -> service.equals(event.get("service")))
                .map(event -> ((Map<?, ?>) event.get("image")).get("asked").toString())
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> volumesOf(String service) {
        return Docker.inspect(stack.container(service)).volumes();
    }
}
