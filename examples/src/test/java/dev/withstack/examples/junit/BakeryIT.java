package dev.withstack.examples.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.data.PostgresConnection;
import dev.withstack.junit.Reset;
import dev.withstack.junit.Scope;
import dev.withstack.junit.WithStack;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.RepeatedTest;

/** A stack of one's own by its name, shared by the whole run, with the rows that it was seeded with in each test. */
@WithStack(name = "bakery", services = "orders", scope = Scope.RUN, reset = Reset.BEFORE_EACH)
class BakeryIT {
    @RepeatedTest(2)
    void menuIsAsItWasBakedIn(PostgresConnection orders) throws SQLException {
        try (Connection database = DriverManager.getConnection(orders.jdbcUrl(), orders.user(), orders.password());
                Statement statement = database.createStatement()) {
            assertThat(statement.executeUpdate("DELETE FROM menu WHERE bread = 'rye'"))
                    .isEqualTo(1);
            try (ResultSet left = statement.executeQuery("SELECT count(*) FROM menu")) {
                left.next();
                assertThat(left.getInt(1)).isEqualTo(1);
            }
        }
    }
}
