package dev.withstack.junit.bench;

import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The two servers that all ways are measured with: a PostgreSQL with a schema of some tables, and a Redis. */
public final class Shelf implements StackProfile {
    static final String USER = "ada";
    static final String PASSWORD = "lovelace-1815";
    static final String DATABASE = "shelf";
    static final String SCHEMA = IntStream.range(0, 20)
            .mapToObj(i -> "CREATE TABLE goods_" + i + " (id serial PRIMARY KEY, name text NOT NULL UNIQUE);")
            .collect(Collectors.joining("\n", "", "\n"));

    @Override
    public String name() {
        return "bench-shelf";
    }

    @Override
    public String description() {
        return "what the ways to have two servers in a test are measured with";
    }

    @Override
    public StackDefinition define(Environment environment, Settings settings) {
        return StackDefinition.of(name(), environment)
                .add(
                        Postgres.service("orders")
                                .user(USER)
                                .password(Value.secret(PASSWORD))
                                .database(DATABASE)
                                .initScript("10-schema.sql", Value.text(SCHEMA)),
                        Redis.service("cache"))
                .build();
    }
}
