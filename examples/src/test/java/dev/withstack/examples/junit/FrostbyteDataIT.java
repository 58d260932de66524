package dev.withstack.examples.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.data.PostgresConnection;
import dev.withstack.core.engine.RunningService;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.junit.Reset;
import dev.withstack.junit.ServiceEndpoint;
import dev.withstack.junit.WithStack;
import dev.withstack.profiles.frostbyte.Frostbyte;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** The third way: a test that has a part of Frostbyte to itself, with clean data for each test. */
@WithStack(
        value = Frostbyte.class,
        services = {"postgres", "redis"},
        reset = Reset.BEFORE_EACH)
class FrostbyteDataIT {
    @RepeatedTest(2)
    void documentsAreKeptInThePostgresOfThisTest(PostgresConnection postgres) throws SQLException {
        try (Connection database =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                Statement statement = database.createStatement()) {
            statement.execute("CREATE TABLE documents AS SELECT 'a note' AS title");
            try (ResultSet rows = statement.executeQuery("SELECT title FROM documents")) {
                rows.next();
                assertThat(rows.getString(1)).isEqualTo("a note");
            }
        }
    }

    @RepeatedTest(2)
    void progressIsCountedInTheRedisOfThisTest(@ServiceEndpoint("redis") URI redis) {
        try (Jedis jedis = new Jedis(redis)) {
            assertThat(jedis.incr("documents")).isEqualTo(1);
        }
    }

    @Test
    void cacheThatDiesCanBeMended(RunningStack stack, @ServiceEndpoint("redis") RunningService redis)
            throws InterruptedException {
        redis.kill();

        stack.mend();

        redis.awaitHealthy(Duration.ofMinutes(1));
    }

    @Test
    void nothingElseOfTheStackIsStarted(RunningStack stack) {
        assertThat(stack.timeline().entries()).containsOnlyKeys("postgres", "redis");
    }
}
