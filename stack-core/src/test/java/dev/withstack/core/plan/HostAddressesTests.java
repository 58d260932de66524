package dev.withstack.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import org.junit.jupiter.api.Test;

class HostAddressesTests {
    @Test
    void findWhenTheServiceIsOneOfTheBaseReadsTheBase() {
        StackDefinition base = StackDefinition.of("shop", Environment.BASE)
                .add(Service.image("orders", "postgres:16").port("sql", 5432).hostPort(25433))
                .build();
        StackDefinition dev = StackDefinition.of("shop", Environment.DEV)
                .base(base)
                .add(Service.image("app", "shop:1").port("http", 8000).hostPort(28000))
                .build();

        assertThat(new HostAddresses(dev).find("orders", "sql")).isEqualTo(new HostAndPort(Endpoint.LOOPBACK, 25433));
        assertThat(new HostAddresses(dev).find("app", "http")).isEqualTo(new HostAndPort(Endpoint.LOOPBACK, 28000));
    }
}
