package dev.withstack.examples.springboot;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The orders, in the application's database. */
@Repository
class Orders {
    private final JdbcTemplate database;

    Orders(JdbcTemplate database) {
        this.database = database;
    }

    void take(String item) {
        database.update("INSERT INTO orders (item) VALUES (?)", item);
    }

    List<String> all() {
        return database.queryForList("SELECT item FROM orders ORDER BY id", String.class);
    }
}
