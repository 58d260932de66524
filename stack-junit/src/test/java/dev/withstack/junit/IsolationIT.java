package dev.withstack.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.withstack.core.Stacks;
import dev.withstack.core.catalog.Minio;
import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Qdrant;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.data.PostgresConnection;
import dev.withstack.core.data.QdrantConnection;
import dev.withstack.core.data.RedisConnection;
import dev.withstack.core.data.S3Connection;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.model.Value;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import dev.withstack.coverage.Row;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import redis.clients.jedis.Jedis;

/** Parallel classes that share one stack of four servers, each with a part of them to itself, on the real engine. */
class IsolationIT {
    private static final Set<StackId> RUNS = ConcurrentHashMap.newKeySet();
    private static final Set<String> DATABASES = ConcurrentHashMap.newKeySet();
    private static final int CLASSES = 3;

    /** Nobody writes before all have begun, and nobody looks before all have written. */
    private static final CyclicBarrier TOGETHER = new CyclicBarrier(CLASSES);

    /** A shop, with a schema that search_path finds only because the database says so. */
    public static final class Shelves implements StackProfile {
        @Override
        public String name() {
            return "junit-shelves";
        }

        @Override
        public String description() {
            return "one server of each kind";
        }

        @Override
        public StackDefinition define(Environment environment, Settings settings) {
            return StackDefinition.of(name(), environment)
                    .add(
                            Postgres.service("orders")
                                    .database("shop")
                                    .initScript(
                                            "10-shop.sql",
                                            Value.text(
                                                    "CREATE SCHEMA sales; CREATE TABLE sales.goods (id serial, name text);"
                                                            + " INSERT INTO sales.goods (name) VALUES ('tea');"
                                                            + " ALTER DATABASE shop SET search_path = sales, public;")),
                            Redis.service("cache"),
                            Minio.service("files").credentials("ada", Value.secret("lovelace-1815")),
                            Qdrant.service("vectors"))
                    .build();
        }
    }

    /** What each of three classes does at the same time: write to all servers, wait for the others, see its own alone. */
    abstract static class Writing {
        @BeforeAll
        static void take(RunningStack stack, PostgresConnection orders) {
            RUNS.add(stack.definition().id());
            DATABASES.add(orders.database());
        }

        @RepeatedTest(2)
        void seesItsOwnAlone(
                PostgresConnection orders, RedisConnection cache, S3Connection files, QdrantConnection vectors)
                throws Exception {
            String mine = getClass().getSimpleName();
            try (Connection connection =
                            DriverManager.getConnection(orders.jdbcUrl(), orders.user(), orders.password());
                    Statement statement = connection.createStatement();
                    Jedis jedis = new Jedis(cache.uri())) {
                assertThat(all(statement, "SELECT name FROM goods")).isEqualTo("tea");
                assertThat(jedis.dbSize()).isZero();
                assertThat(collections(vectors)).doesNotContain(vectors.collection("papers"));
                together();

                statement.execute("INSERT INTO goods (name) VALUES ('" + mine + "')");
                statement.execute("CREATE TABLE of_" + mine + " (id int)");
                jedis.set("name", mine);
                makeCollection(vectors, "papers");
                together();

                assertThat(all(statement, "SELECT name FROM goods ORDER BY id")).isEqualTo("tea " + mine);
                assertThat(all(statement, "SELECT max(id) FROM goods")).isEqualTo("2");
                assertThat(jedis.get("name")).isEqualTo(mine);
                assertThat(collections(vectors)).contains(vectors.collection("papers"));
                assertThat(files.bucket("papers")).isNotEqualTo("papers");
            }
        }
    }

    @WithStack(value = Shelves.class, scope = Scope.RUN, isolation = Isolation.CLASS, reset = Reset.BEFORE_EACH)
    static class One extends Writing {}

    @WithStack(value = Shelves.class, scope = Scope.RUN, isolation = Isolation.CLASS, reset = Reset.BEFORE_EACH)
    static class Two extends Writing {}

    @WithStack(value = Shelves.class, scope = Scope.RUN, isolation = Isolation.CLASS, reset = Reset.BEFORE_EACH)
    static class Three extends Writing {}

    @Test
    @Row("junit.isolation")
    void classesWhenTheyRunInParallelOnOneStackSeeTheirOwnPartsAlone() {
        EngineTestKit.engine("junit-jupiter")
                .configurationParameter("withstack.engine.required", "true")
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.classes.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter(
                        "junit.jupiter.execution.parallel.config.fixed.parallelism", Integer.toString(CLASSES))
                .selectors(selectClass(One.class), selectClass(Two.class), selectClass(Three.class))
                .execute()
                .testEvents()
                .assertStatistics(counts -> counts.succeeded(CLASSES * 2));

        assertThat(RUNS).as("one stack for all").hasSize(1);
        assertThat(DATABASES).hasSize(CLASSES).doesNotContain("shop");
        try (StackEngine engine = Stacks.engine(System.getenv(), Path.of(""))) {
            Observed left = engine.driver().observe(RUNS.iterator().next());
            assertThat(left.containers()).isEmpty();
            assertThat(left.networks()).isEmpty();
        }
    }

    private static void together() throws InterruptedException, BrokenBarrierException, TimeoutException {
        int unused = TOGETHER.await(2, TimeUnit.MINUTES);
    }

    private static String all(Statement statement, String query) throws SQLException {
        StringBuilder all = new StringBuilder();
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                all.append(all.length() == 0 ? "" : " ").append(rows.getString(1));
            }
        }
        return all.toString();
    }

    private static String collections(QdrantConnection vectors) throws IOException {
        return call("GET", URI.create(vectors.url() + "/collections"), "");
    }

    private static void makeCollection(QdrantConnection vectors, String name) throws IOException {
        String unused = call(
                "PUT",
                URI.create(vectors.url() + "/collections/" + vectors.collection(name)),
                "{\"vectors\":{\"size\":2,\"distance\":\"Dot\"}}");
    }

    private static String call(String method, URI uri, String body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setRequestMethod(method);
        if (!body.isEmpty()) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(connection.getResponseCode()).isEqualTo(200);
        return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
