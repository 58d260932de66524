package dev.withstack.core.engine;

import dev.withstack.core.Stacks;
import dev.withstack.core.catalog.Minio;
import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Qdrant;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.data.PostgresConnection;
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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Measures how long a reset takes of four servers that a test has written to, each alone and all together, and how long
 * it takes to restart them instead: prints a line for each, {@code reset postgres 41}, in milliseconds. The first rounds,
 * in which Java gets under way, do not count. Run by {@code ./bench junit}.
 */
final class ResetTimes {
    private static final int WARMING = 5;
    private static final int TABLES = 50;
    private static final int ROWS = 10_000;
    private static final Map<String, String> SERVERS =
            Map.of("orders", "postgres", "cache", "redis", "files", "minio", "vectors", "qdrant");

    private final RunningStack stack;

    private ResetTimes(RunningStack stack) {
        this.stack = stack;
    }

    public static void main(String[] arguments) throws Exception {
        try (RunningStack stack = Stacks.start(definition())) {
            ResetTimes times = new ResetTimes(stack);
            times.seed();
            times.measure(Integer.parseInt(arguments[0]));
            times.measureRestart();
        }
        System.exit(0);
    }

    private static StackDefinition definition() {
        String schema = IntStream.range(0, TABLES)
                .mapToObj(i -> "CREATE TABLE goods_" + i + " (id serial PRIMARY KEY, name text NOT NULL);"
                        + "INSERT INTO goods_" + i + " (name) SELECT md5(n::text) FROM generate_series(1, "
                        + ROWS / TABLES
                        + ") n;")
                .collect(Collectors.joining("\n"));
        return StackDefinition.of("bench-reset", Environment.TEST)
                .add(
                        Postgres.service("orders").database("shop").initScript("10-goods.sql", Value.text(schema)),
                        Redis.service("cache"),
                        Minio.service("files").credentials("ada", Value.secret("lovelace-1815")),
                        Qdrant.service("vectors"))
                .build();
    }

    private void seed() throws Exception {
        try (Jedis jedis = jedis()) {
            for (int i = 0; i < 1000; i++) {
                jedis.set("key-" + i, "value of " + i);
            }
        }
        try (S3Client s3 = s3()) {
            s3.createBucket(request -> request.bucket("papers"));
            for (int i = 0; i < 20; i++) {
                String key = "paper-" + i;
                s3.putObject(request -> request.bucket("papers").key(key), RequestBody.fromString("text of " + i));
            }
        }
        vectors("PUT", "papers", "{\"vectors\":{\"size\":4,\"distance\":\"Dot\"}}");
        String points = IntStream.range(1, 101)
                .mapToObj(i -> "{\"id\":" + i + ",\"vector\":[0.1,0.2,0.3," + i + "]}")
                .collect(Collectors.joining(","));
        vectors("PUT", "papers/points?wait=true", "{\"points\":[" + points + "]}");
    }

    /** What a test does: some rows in three tables, some keys, an object, a point. */
    private void write() throws Exception {
        PostgresConnection orders = stack.service("orders").connection(PostgresConnection.class);
        try (Connection connection = DriverManager.getConnection(orders.jdbcUrl(), orders.user(), orders.password());
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 3; i++) {
                statement.execute("INSERT INTO goods_" + i + " (name) VALUES ('bread')");
                statement.execute("DELETE FROM goods_" + i + " WHERE id = 7");
            }
        }
        try (Jedis jedis = jedis()) {
            jedis.set("key-7", "another");
            jedis.set("new", "one");
        }
        try (S3Client s3 = s3()) {
            s3.putObject(request -> request.bucket("papers").key("paper-7"), RequestBody.fromString("another"));
        }
        vectors("PUT", "papers/points?wait=true", "{\"points\":[{\"id\":7,\"vector\":[1,1,1,1]}]}");
    }

    private void measure(int rounds) throws Exception {
        for (Map.Entry<String, String> server : SERVERS.entrySet()) {
            measure(server.getValue(), stack.data(List.of(server.getKey()), List.of(), List.of()), rounds);
        }
        measure("all", stack.data(), rounds);
    }

    private void measure(String what, StackData data, int rounds) throws Exception {
        for (int round = 0; round < WARMING + rounds; round++) {
            write();
            long begun = System.nanoTime();
            data.reset();
            long nanos = System.nanoTime() - begun;
            if (round >= WARMING) {
                System.out.println("reset " + what + " " + nanos / 1e6);
            }
        }
        // what another one leaves as it is, is what this one found
        data.reset();
    }

    private void measureRestart() throws InterruptedException {
        long begun = System.nanoTime();
        for (String server : SERVERS.keySet()) {
            stack.service(server).restart();
        }
        for (String server : SERVERS.keySet()) {
            stack.service(server).awaitHealthy(Duration.ofMinutes(2));
        }
        System.out.println("restart all " + (System.nanoTime() - begun) / 1e6);
    }

    private Jedis jedis() {
        return new Jedis(
                stack.service("cache").connection(RedisConnection.class).uri());
    }

    private S3Client s3() {
        S3Connection files = stack.service("files").connection(S3Connection.class);
        return S3Client.builder()
                .endpointOverride(files.endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .serviceConfiguration(settings -> settings.chunkedEncodingEnabled(false))
                .httpClient(UrlConnectionHttpClient.create())
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(files.accessKey(), files.secretKey())))
                .build();
    }

    private void vectors(String method, String path, String body) throws Exception {
        URI url = URI.create(
                stack.service("vectors").connection(QdrantConnection.class).url() + "/collections/" + path);
        HttpResponse<String> answer = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(
                        HttpRequest.newBuilder(url)
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .header("Content-Type", "application/json")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(url + ": " + answer.body());
        }
    }
}
