package dev.withstack.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.data.PostgresConnection;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.coverage.Row;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.RepeatedTest;

/** A Compose file as the stack of a test: on free ports, with its init script, reset between tests, nothing left in the project. */
@WithStack(
        file = "src/test/resources/compose/compose.yaml",
        settings = "DB_PASSWORD=of-the-test",
        reset = Reset.BEFORE_EACH)
class ComposeFileIT {

    @RepeatedTest(2)
    @Row("compose.test")
    void testWhenItsStackIsAComposeFileHasItsServersAndTheirData(
            RunningStack stack, PostgresConnection garden, @ServiceEndpoint("cache") URI cache) throws SQLException {
        assertThat(stack.definition().services()).containsOnlyKeys("db", "cache", "tools");
        assertThat(garden.database()).isEqualTo("garden");
        assertThat(cache.getPort()).isNotEqualTo(6379);
        try (Connection connection = DriverManager.getConnection(garden.jdbcUrl(), garden.user(), garden.password())) {
            assertThat(flowers(connection)).isEqualTo(2);
            connection.createStatement().execute("INSERT INTO flowers VALUES ('daisy')");
            assertThat(flowers(connection)).isEqualTo(3);
        }
    }

    private static int flowers(Connection connection) throws SQLException {
        try (ResultSet count = connection.createStatement().executeQuery("SELECT count(*) FROM flowers")) {
            count.next();
            return count.getInt(1);
        }
    }
}
