package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The four servers, each through its own client, with the documents' credentials. */
final class Servers {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(30))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    private final Ports ports;

    Servers(Ports ports) {
        this.ports = ports;
    }

    Jedis redis() {
        return new Jedis("127.0.0.1", ports.redis());
    }

    Connection postgres() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + ports.postgres() + "/frostbyte", "frostbyte", "frostbyte");
    }

    S3Client s3() {
        return S3Client.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + ports.s3()))
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("frostbyte", "frostbyte")))
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    /** Send a request to Qdrant's REST interface and return the answer's {@code result}. */
    Object qdrant(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = http(method, "http://127.0.0.1:" + ports.qdrant() + path, body);
        assertThat(response.statusCode())
                .as(method + " " + path + ": " + response.body())
                .isEqualTo(200);
        return JSON.std.mapFrom(response.body()).get("result");
    }

    static HttpResponse<String> http(String method, String url, String body) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(url))
                        .timeout(Duration.ofMinutes(2))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return http("GET", url, "");
    }

    /** Put something recognisable into each of the four. */
    void fill() throws Exception {
        try (Jedis redis = redis()) {
            for (int i = 0; i < 100; i++) {
                redis.set("key:" + i, "value " + i);
            }
        }
        try (Connection connection = postgres();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept (id int PRIMARY KEY, text text)");
            statement.execute(
                    "INSERT INTO kept SELECT i, md5(i::text) || repeat('x', i % 50) FROM generate_series(1, 5000) i");
        }
        try (S3Client s3 = s3()) {
            s3.createBucket(request -> request.bucket("kept"));
            s3.putObject(
                    request -> request.bucket("kept").key("folder/file.bin"),
                    RequestBody.fromString("bytes ä ".repeat(20_000)));
        }
        qdrant("PUT", "/collections/kept", "{\"vectors\": {\"size\": 3, \"distance\": \"Cosine\"}}");
        qdrant(
                "PUT",
                "/collections/kept/points?wait=true",
                """
                {"points": [{"id": 1, "vector": [1, 0, 0], "payload": {"name": "x"}},
                            {"id": 2, "vector": [0, 1, 0.5], "payload": {"name": "yz"}}]}""");
    }

    /** Return a checksum of all that {@link #fill} put in, as it is there now. */
    String checksum() throws Exception {
        StringBuilder all = new StringBuilder();
        try (Jedis redis = redis()) {
            for (int i = 0; i < 100; i++) {
                all.append(redis.get("key:" + i)).append('\n');
            }
        }
        all.append(sql("SELECT count(*) || ' ' || md5(string_agg(id || text, '|' ORDER BY id)) FROM kept"));
        try (S3Client s3 = s3()) {
            all.append(s3.getObjectAsBytes(request -> request.bucket("kept").key("folder/file.bin"))
                    .asUtf8String());
        }
        all.append(qdrant(
                "POST",
                "/collections/kept/points",
                "{\"ids\": [1, 2], \"with_payload\": true, \"with_vector\": true}"));
        return sha256(all.toString());
    }

    /** Return the first column of the first row. */
    String sql(String query) throws SQLException {
        try (Connection connection = postgres();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            assertThat(result.next()).as(query).isTrue();
            return result.getString(1);
        }
    }

    /** Return the names of the collections of Qdrant. */
    List<String> collections() throws IOException, InterruptedException {
        Map<?, ?> result = (Map<?, ?>) qdrant("GET", "/collections", "");
        return ((List<?>) result.get("collections"))
                .stream()
                        .map(each -> String.valueOf(((Map<?, ?>) each).get("name")))
                        .toList();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
