package dev.withstack.core.catalog;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Data;
import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;
import java.time.Duration;
import java.util.Optional;

/** A Redis server. Immutable. */
public final class Redis implements Declared<Redis> {
    private final Service service;

    private Redis(Service service) {
        this.service = service;
    }

    /** Declare a Redis 7 on port 6379, which keeps nothing unless it is given a {@link #data(String) volume}. */
    public static Redis service(String name) {
        return new Redis(Service.image(name, "redis:7-alpine")
                .port("redis", 6379)
                .family("redis")
                .holds(new Data.Redis())
                .probe(new Probe.RedisPing("", Optional.empty()))
                .containerCheck(
                        ContainerCheck.of("redis-cli ping | grep -q PONG").every(Duration.ofSeconds(5)))
                .shell(name, "redis-cli"));
    }

    /** Keep the data in a volume. */
    public Redis data(String volume) {
        return volume(volume, "/data");
    }

    /** Return the URL of database 0. */
    public Value url() {
        return url(0);
    }

    /** Return the URL of a database by its number. */
    public Value url(int database) {
        return Value.join(url("redis", ""), "/" + database);
    }

    @Override
    public Service service() {
        return service;
    }

    @Override
    public Redis with(Service changed) {
        return new Redis(changed);
    }
}
