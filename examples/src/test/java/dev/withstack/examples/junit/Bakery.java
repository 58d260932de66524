package dev.withstack.examples.junit;

import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;

/** A stack of one's own: META-INF/services names it, so it is found by its name. */
public final class Bakery implements StackProfile {
    @Override
    public String name() {
        return "bakery";
    }

    @Override
    public String description() {
        return "orders and an oven's queue";
    }

    @Override
    public StackDefinition define(Environment environment, Settings settings) {
        Value menu = Value.text("CREATE TABLE menu (bread text); INSERT INTO menu VALUES ('rye'), ('spelt');");
        return StackDefinition.of(name(), environment)
                .add(
                        Postgres.service("orders")
                                .hostPort(5434)
                                .data("orders_data")
                                .initScript("menu.sql", menu),
                        Redis.service("queue").hostPort(6381))
                .build();
    }
}
