package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.data.PostgresConnection;
import dev.withstack.core.data.QdrantConnection;
import dev.withstack.core.data.RedisConnection;
import dev.withstack.core.data.S3Connection;
import dev.withstack.core.data.ServiceConnection;
import dev.withstack.core.driver.DriverException;
import dev.withstack.coverage.Row;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;

/** Parts of the real servers, which two have beside each other. */
class StackPartIT {
    private static FourServers servers;
    private static RunningStack stack;

    @BeforeAll
    static void start() throws Exception {
        servers = FourServers.start("part-it");
        stack = servers.stack();
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    /** The obligation: two that share the servers have a part each, which begins as the servers are and is put back alone. */
    @Test
    @Row("junit.isolation")
    void partsBeginWithACopyAndArePutBackAlone() throws Exception {
        List<String> all = List.of("orders", "cache", "files", "vectors");
        try (StackPart one = stack.part(all, List.of());
                StackPart other = stack.part(all, List.of())) {
            StackData ofOne = one.data();
            write(one, "spoilt");
            write(other, "kept");

            ofOne.reset();

            assertThat(read(one)).isEqualTo("tea/hello/on the engine/[one]");
            assertThat(read(other)).isEqualTo("kept/kept/kept/[]");
            // two parts and what one of them is put back from are not seen by whoever uses the whole
            assertThat(servers.collection("POST", "seeded/points/scroll", "{}")).contains("one");
        }
        PostgresConnection whole = stack.service("orders").connection(PostgresConnection.class);
        try (Connection connection = DriverManager.getConnection(whole.jdbcUrl(), whole.user(), whole.password());
                Statement statement = connection.createStatement()) {
            assertThat(one(statement, "SELECT count(*) FROM pg_database WHERE datname ~ 'part'"))
                    .isEqualTo("0");
        }
        try (S3Client s3 = servers.s3();
                Jedis jedis = servers.jedis()) {
            assertThat(s3.listBuckets().buckets()).extracting(Bucket::name).containsExactly("papers");
            assertThat(jedis.info("keyspace")).doesNotContain("db1", "db2");
        }
        assertThat(servers.collection("GET", "", "")).doesNotContain("part");
    }

    /** The obligation: who asks for more than a server can be divided into is told so, and what is given back is given again. */
    @Test
    @Row("junit.isolation")
    void partsOfARedisAreAsManyAsItHasDatabasesBesideTheFirst() throws Exception {
        List<StackPart> parts = new ArrayList<>();
        try {
            for (int part = 1; part < 16; part++) {
                parts.add(stack.part(List.of("cache"), List.of()));
            }
            assertThatThrownBy(() -> stack.part(List.of("cache"), List.of()))
                    .isInstanceOf(DriverException.class)
                    .hasMessage(
                            "Can't make a part of 'cache': it has 16 databases, of which the first is nobody's, and all"
                                    + " others are in use at the moment");

            try (Jedis jedis = servers.jedis()) {
                assertThat(jedis.get("greeting")).as("what belongs to all").isEqualTo("hello");
            }
            parts.get(6).close();
            parts.add(stack.part(List.of("cache"), List.of()));

            assertThat(connectionOf(parts.get(15), "cache", RedisConnection.class)
                            .database())
                    .isEqualTo(7);
        } finally {
            parts.forEach(StackPart::close);
        }
    }

    private static <T extends ServiceConnection> T connectionOf(StackPart part, String service, Class<T> type) {
        return part.connection(stack.service(service)).map(type::cast).orElseThrow();
    }

    private static void write(StackPart part, String word) throws Exception {
        PostgresConnection shop = connectionOf(part, "orders", PostgresConnection.class);
        try (Connection connection = DriverManager.getConnection(shop.jdbcUrl(), shop.user(), shop.password());
                Statement statement = connection.createStatement();
                Jedis jedis = new Jedis(
                        connectionOf(part, "cache", RedisConnection.class).uri());
                S3Client s3 = servers.s3()) {
            statement.execute("UPDATE items SET name = '" + word + "' WHERE id = 1");
            statement.execute("CREATE TABLE more (id int)");
            jedis.set("greeting", word);
            String papers = connectionOf(part, "files", S3Connection.class).bucket("papers");
            s3.putObject(request -> request.bucket(papers).key("a b/notes.txt"), RequestBody.fromString(word));
        }
        String seeded = connectionOf(part, "vectors", QdrantConnection.class).collection("seeded");
        servers.collection("POST", seeded + "/points/delete?wait=true", "{\"points\":[1]}");
    }

    private static String read(StackPart part) throws Exception {
        PostgresConnection shop = connectionOf(part, "orders", PostgresConnection.class);
        try (Connection connection = DriverManager.getConnection(shop.jdbcUrl(), shop.user(), shop.password());
                Statement statement = connection.createStatement();
                Jedis jedis = new Jedis(
                        connectionOf(part, "cache", RedisConnection.class).uri());
                S3Client s3 = servers.s3()) {
            String papers = connectionOf(part, "files", S3Connection.class).bucket("papers");
            String seeded =
                    connectionOf(part, "vectors", QdrantConnection.class).collection("seeded");
            String points = servers.collection("POST", seeded + "/points/scroll", "{\"with_vector\":true}");
            return String.join(
                    "/",
                    one(statement, "SELECT name FROM items WHERE id = 1"),
                    jedis.get("greeting"),
                    s3.getObjectAsBytes(request -> request.bucket(papers).key("a b/notes.txt"))
                            .asUtf8String(),
                    points.contains("one") ? "[one]" : "[]");
        }
    }

    private static String one(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
