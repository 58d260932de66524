package dev.withstack.junit;

import dev.withstack.core.catalog.Minio;
import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Qdrant;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import java.util.List;

/** A stack whose services say themselves whether they are ready, so that a host in memory can run it. */
public final class Corner implements StackProfile {
    private static final Probe ITS_WORD = new Probe.Command(List.of("ready"));

    @Override
    public String name() {
        return "junit-corner";
    }

    @Override
    public String description() {
        return "one server of each kind, and an application";
    }

    @Override
    public StackDefinition define(Environment environment, Settings settings) {
        Postgres orders = Postgres.service("orders")
                .user("anna")
                .password(Value.secret("pencil-and-paper"))
                .database("orders")
                .probe(ITS_WORD);
        return StackDefinition.of(name(), environment)
                .add(
                        orders,
                        Redis.service("cache").data("cache_data").probe(ITS_WORD),
                        Minio.service("files")
                                .credentials("ada", Value.secret("lovelace-1815"))
                                .probe(ITS_WORD),
                        Qdrant.service("vectors").probe(ITS_WORD),
                        Service.image("till", "till:1")
                                .port("http", 8080)
                                .env("ORDERS", orders.url("postgresql"))
                                .probe(ITS_WORD))
                .build();
    }
}
