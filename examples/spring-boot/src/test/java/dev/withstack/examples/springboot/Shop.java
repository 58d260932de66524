package dev.withstack.examples.springboot;

import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;

/** What the application needs. */
public final class Shop implements StackProfile {
    @Override
    public String name() {
        return "spring-shop";
    }

    @Override
    public String description() {
        return "the database of the orders";
    }

    @Override
    public StackDefinition define(Environment environment, Settings settings) {
        return StackDefinition.of(name(), environment)
                .add(Postgres.service("orders")
                        .database("orders")
                        .user("clerk")
                        .password(Value.secret("open-sesame-1842")))
                .build();
    }
}
