package dev.withstack.junit.bench;

import dev.withstack.core.data.PostgresConnection;
import dev.withstack.core.data.RedisConnection;
import dev.withstack.junit.Isolation;
import dev.withstack.junit.Scope;
import dev.withstack.junit.WithStack;
import java.sql.SQLException;
import org.junit.jupiter.api.RepeatedTest;

/** Eight like classes, once with a stack each, once with a part each of one stack. */
final class Eights {
    private Eights() {}

    private abstract static class Shop {
        @RepeatedTest(3)
        void test(PostgresConnection orders, RedisConnection cache) throws SQLException {
            Ways.use(orders.jdbcUrl(), cache.uri());
        }
    }

    @WithStack(Shelf.class)
    private abstract static class Own extends Shop {}

    @WithStack(value = Shelf.class, scope = Scope.RUN, isolation = Isolation.CLASS)
    private abstract static class Part extends Shop {}

    static class Own1 extends Own {}

    static class Own2 extends Own {}

    static class Own3 extends Own {}

    static class Own4 extends Own {}

    static class Own5 extends Own {}

    static class Own6 extends Own {}

    static class Own7 extends Own {}

    static class Own8 extends Own {}

    static class Part1 extends Part {}

    static class Part2 extends Part {}

    static class Part3 extends Part {}

    static class Part4 extends Part {}

    static class Part5 extends Part {}

    static class Part6 extends Part {}

    static class Part7 extends Part {}

    static class Part8 extends Part {}
}
