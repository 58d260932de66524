package dev.withstack.examples.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.Stacks;
import dev.withstack.core.driver.Driver.ExecResult;
import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Observed;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The fourth way: a stack inside another program. */
class OrderDeskIT {
    @Test
    void programWhenItHasAStackOfItsOwnUsesItAndLeavesNothing() throws Exception {
        StackId id;
        try (OrderDesk desk = OrderDesk.open()) {
            id = desk.stack().definition().id();
            assertThat(desk.order("a lamp")).isEqualTo(1);
            assertThat(desk.order("a carpet")).isEqualTo(2);
            assertThat(desk.last()).isEqualTo("a carpet");

            ExecResult inside =
                    desk.stack().service("cache").exec(Duration.ofSeconds(10), "redis-cli", "get", "orders");
            assertThat(inside.stdout()).contains("2");
            assertThat(desk.stack().service("orders").logTail(5)).isNotEmpty();
            assertThat(desk.stack().timeline().entries()).containsKeys("cache", "orders");
        }
        try (StackEngine engine = Stacks.engine(System.getenv(), Path.of(""))) {
            Observed left = engine.driver().observe(id);
            assertThat(left.containers()).isEmpty();
            assertThat(left.networks()).isEmpty();
            assertThat(left.volumes()).isEmpty();
        }
    }
}
