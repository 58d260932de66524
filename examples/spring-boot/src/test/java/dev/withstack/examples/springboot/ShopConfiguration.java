package dev.withstack.examples.springboot;

import dev.withstack.core.Stacks;
import dev.withstack.core.data.PostgresConnection;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.model.Environment;
import dev.withstack.core.settings.Settings;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistrar;

/**
 * Lets a context of Spring bring its servers along: all tests that import it share one context, and with it one stack, which
 * is removed when Spring closes the context.
 */
@TestConfiguration(proxyBeanMethods = false)
class ShopConfiguration {
    @Bean(destroyMethod = "close")
    RunningStack shop() {
        return Stacks.start(new Shop().define(Environment.TEST, Settings.none(Environment.TEST)));
    }

    @Bean
    DynamicPropertyRegistrar whereTheDatabaseIs(RunningStack shop) {
        PostgresConnection orders = shop.service("orders").connection(PostgresConnection.class);
        return properties -> {
            properties.add("spring.datasource.url", orders::jdbcUrl);
            properties.add("spring.datasource.username", orders::user);
            properties.add("spring.datasource.password", orders::password);
        };
    }
}
