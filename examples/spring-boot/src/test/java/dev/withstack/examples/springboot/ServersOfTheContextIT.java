package dev.withstack.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.engine.RunningStack;
import dev.withstack.coverage.Row;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.annotation.Transactional;

/** Spring keeps the stack: with its context, shared by all classes that have the same one; each test is rolled back. */
@SpringBootTest
@Import(ShopConfiguration.class)
@Transactional
class ServersOfTheContextIT {
    @Autowired
    private Orders orders;

    @Test
    @Row("junit.spring")
    void ordersAreKeptInTheDatabaseOfTheStack(@Autowired RunningStack shop) {
        orders.take("a lamp");

        assertThat(orders.all()).containsExactly("a lamp");
        assertThat(shop.service("orders").container()).isPresent();
    }

    @Test
    void whatATestHasWrittenIsRolledBackBySpring() {
        assertThat(orders.all()).isEmpty();
    }
}
