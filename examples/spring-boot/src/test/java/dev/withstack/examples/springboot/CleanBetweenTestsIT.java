package dev.withstack.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.data.PostgresConnection;
import dev.withstack.core.engine.StackData;
import dev.withstack.coverage.Row;
import dev.withstack.junit.Reset;
import dev.withstack.junit.WithStack;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * {@code @WithStack} keeps the stack: its data is put back before each test, whoever has written it, under the pool of the
 * application, which goes on. The context goes with the class, as the stack does.
 */
@WithStack(value = Shop.class, reset = Reset.BEFORE_EACH)
@SpringBootTest
@DirtiesContext
class CleanBetweenTestsIT {
    private static PostgresConnection database;

    @DynamicPropertySource
    static void whereTheDatabaseIs(DynamicPropertyRegistry properties) {
        properties.add("spring.datasource.url", () -> database.jdbcUrl());
        properties.add("spring.datasource.username", () -> database.user());
        properties.add("spring.datasource.password", () -> database.password());
    }

    /** By now the application has made its tables: with them each test begins. */
    @BeforeAll
    static void applicationHasStarted(ApplicationContext application, StackData data) throws InterruptedException {
        data.remember();
    }

    @RepeatedTest(3)
    @Row("junit.spring")
    void ordersOfOtherTestsAreGone(@Autowired Orders orders) {
        orders.take("a lamp");

        assertThat(orders.all()).containsExactly("a lamp");
    }
}
