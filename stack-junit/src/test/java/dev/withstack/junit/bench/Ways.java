package dev.withstack.junit.bench;

import dev.withstack.core.data.PostgresConnection;
import dev.withstack.core.data.RedisConnection;
import dev.withstack.junit.Scope;
import dev.withstack.junit.WithStack;
import java.io.File;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.ComposeContainer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;
import redis.clients.jedis.Jedis;

/** The same test class in each way to give it its two servers, and once more, as a second class of the same run. */
final class Ways {
    private Ways() {}

    /** What every test does: note the time, then see that the servers are there. */
    static void use(String jdbcUrl, URI redis) throws SQLException {
        Measure.begun();
        try (Connection connection = DriverManager.getConnection(jdbcUrl, Shelf.USER, Shelf.PASSWORD);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM goods_19");
                Jedis jedis = new Jedis(redis)) {
            rows.next();
            jedis.set("goods", rows.getString(1));
        }
    }

    @WithStack(Shelf.class)
    static class Ours {
        @Test
        void test(PostgresConnection orders, RedisConnection cache) throws SQLException {
            use(orders.jdbcUrl(), cache.uri());
        }
    }

    @WithStack(Shelf.class)
    static class OursAgain extends Ours {}

    @WithStack(value = Shelf.class, scope = Scope.RUN)
    static class OfTheRun extends Ours {}

    @WithStack(value = Shelf.class, scope = Scope.RUN)
    static class OfTheRunAgain extends Ours {}

    @WithStack(value = Shelf.class, services = "orders")
    static class Alone {
        @Test
        void test(PostgresConnection orders) throws SQLException {
            Measure.begun();
            try (Connection connection = DriverManager.getConnection(orders.jdbcUrl(), Shelf.USER, Shelf.PASSWORD)) {
                connection.createStatement().close();
            }
        }
    }

    @WithStack(value = Shelf.class, services = "orders")
    static class AloneAgain extends Alone {}

    private static PostgreSQLContainer postgres() {
        return new PostgreSQLContainer(DockerImageName.parse(image("postgres")).asCompatibleSubstituteFor("postgres"))
                .withNetwork(Network.SHARED)
                .withUsername(Shelf.USER)
                .withPassword(Shelf.PASSWORD)
                .withDatabaseName(Shelf.DATABASE)
                .withCopyToContainer(Transferable.of(Shelf.SCHEMA), "/docker-entrypoint-initdb.d/10-schema.sql");
    }

    @SuppressWarnings("resource") // the extension closes it
    private static GenericContainer<?> redis() {
        return new GenericContainer<>(DockerImageName.parse(image("redis")))
                .withNetwork(Network.SHARED)
                .withExposedPorts(6379);
    }

    private static String image(String server) {
        return System.getProperty("bench." + server);
    }

    private static void use(PostgreSQLContainer orders, GenericContainer<?> cache) throws SQLException {
        use(orders.getJdbcUrl(), URI.create("redis://" + cache.getHost() + ":" + cache.getMappedPort(6379)));
    }

    @Testcontainers(parallel = true)
    static class Theirs {
        @Container
        static final PostgreSQLContainer ORDERS = postgres();

        @Container
        static final GenericContainer<?> CACHE = redis();

        @Test
        void test() throws SQLException {
            use(ORDERS, CACHE);
        }
    }

    @Testcontainers(parallel = true)
    static class TheirsAgain {
        @Container
        static final PostgreSQLContainer ORDERS = postgres();

        @Container
        static final GenericContainer<?> CACHE = redis();

        @Test
        void test() throws SQLException {
            use(ORDERS, CACHE);
        }
    }

    /**
     * Testcontainers reaches a service of Compose, and waits for it, by a container of its own; the file publishes the ports
     * instead, and the servers are asked here.
     */
    static class Composed {
        private static final ComposeContainer STACK =
                new ComposeContainer(new File(System.getProperty("bench.compose", ""))).withPull(false);
        private static final String ORDERS =
                "jdbc:postgresql://127.0.0.1:" + Integer.getInteger("bench.postgres.port") + "/" + Shelf.DATABASE;
        private static final URI CACHE = URI.create("redis://127.0.0.1:" + Integer.getInteger("bench.redis.port"));

        @BeforeAll
        static void start() {
            STACK.start();
            Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .atMost(Duration.ofMinutes(2))
                    .ignoreExceptions()
                    .until(() -> {
                        DriverManager.getConnection(ORDERS, Shelf.USER, Shelf.PASSWORD)
                                .close();
                        try (Jedis jedis = new Jedis(CACHE)) {
                            return jedis.ping().equals("PONG");
                        }
                    });
        }

        @AfterAll
        static void stop() {
            STACK.stop();
        }

        @Test
        void test() throws SQLException {
            use(ORDERS, CACHE);
        }
    }

    static class ComposedAgain extends Composed {}
}
