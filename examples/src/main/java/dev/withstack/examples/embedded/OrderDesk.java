package dev.withstack.examples.embedded;

import dev.withstack.core.Stacks;
import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import redis.clients.jedis.Jedis;

/** Takes orders with a database and a cache that it brings along: started with the program, gone with it. */
public final class OrderDesk implements AutoCloseable {
    private static final Value PASSWORD = Value.secret("open sesame");
    private static final Redis CACHE = Redis.service("cache");
    private static final Postgres ORDERS =
            Postgres.service("orders").database("orders").user("clerk").password(PASSWORD);

    private final RunningStack stack;

    private OrderDesk(RunningStack stack) {
        this.stack = stack;
    }

    /** Start the servers and wait until they are ready. */
    public static OrderDesk open() throws SQLException {
        StackDefinition definition = StackDefinition.of("order-desk", Environment.TEST)
                .add(CACHE, ORDERS)
                .build();
        OrderDesk desk = new OrderDesk(Stacks.start(definition));
        desk.execute("CREATE TABLE orders (id serial PRIMARY KEY, item text NOT NULL)");
        return desk;
    }

    /** Keep the order, count it, and return how many there are. */
    public long order(String item) throws SQLException {
        try (Connection database = connect();
                var insert = database.prepareStatement("INSERT INTO orders (item) VALUES (?)");
                Jedis cache = new Jedis(URI.create(stack.resolve(CACHE.url())))) {
            insert.setString(1, item);
            insert.executeUpdate();
            return cache.incr("orders");
        }
    }

    /** Return the order that was kept last. */
    public String last() throws SQLException {
        try (Connection database = connect();
                Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("SELECT item FROM orders ORDER BY id DESC LIMIT 1")) {
            return rows.next() ? rows.getString(1) : "";
        }
    }

    /** Return the running servers. */
    public RunningStack stack() {
        return stack;
    }

    /** Remove the servers with all that they have written. */
    @Override
    public void close() {
        stack.close();
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(stack.resolve(ORDERS.jdbcUrl()), "clerk", stack.resolve(PASSWORD));
    }

    private void execute(String sql) throws SQLException {
        try (Connection database = connect();
                Statement statement = database.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Take one order and say so. */
    public static void main(String[] items) throws SQLException {
        try (OrderDesk desk = open()) {
            for (String item : items) {
                System.out.println("order " + desk.order(item) + ": " + desk.last());
            }
            System.out.println("kept at " + desk.stack().service("orders").address() + " until now");
        }
    }
}
