package dev.withstack.examples.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.junit.ServiceEndpoint;
import dev.withstack.junit.WithStack;
import dev.withstack.profiles.frostbyte.Frostbyte;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** The third way: a test that has a part of Frostbyte to itself. */
@WithStack(
        value = Frostbyte.class,
        services = {"postgres", "redis"})
class FrostbyteDataIT {
    @Test
    void documentsAreKeptInThePostgresOfThisTest(@ServiceEndpoint("postgres") HostAndPort postgres)
            throws SQLException {
        String url = "jdbc:postgresql://" + postgres + "/frostbyte";
        try (Connection database = DriverManager.getConnection(url, "frostbyte", "frostbyte");
                Statement statement = database.createStatement()) {
            statement.execute("CREATE TABLE documents AS SELECT 'a note' AS title");
            try (ResultSet rows = statement.executeQuery("SELECT title FROM documents")) {
                rows.next();
                assertThat(rows.getString(1)).isEqualTo("a note");
            }
        }
    }

    @Test
    void progressIsCountedInTheRedisOfThisTest(@ServiceEndpoint("redis") HostAndPort redis) {
        try (Jedis jedis = new Jedis(redis.host(), redis.port())) {
            assertThat(jedis.incr("documents")).isEqualTo(1);
        }
    }

    @Test
    void nothingElseOfTheStackIsStarted(RunningStack stack) {
        assertThat(stack.timeline().entries()).containsOnlyKeys("postgres", "redis");
    }
}
