package dev.withstack.junit;

import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;

/** A stack of two servers, with fixed ports and volumes that no test may use. */
public final class Shop implements StackProfile {
    @Override
    public String name() {
        return "junit-shop";
    }

    @Override
    public String description() {
        return "a cache and a database";
    }

    @Override
    public StackDefinition define(Environment environment, Settings settings) {
        return StackDefinition.of(name(), environment)
                .add(
                        Redis.service("cache").hostPort(6379).data("cache_data"),
                        Postgres.service("orders")
                                .hostPort(5432)
                                .data("orders_data")
                                .database(settings.text("ORDERS_DATABASE", "orders")))
                .build();
    }
}
