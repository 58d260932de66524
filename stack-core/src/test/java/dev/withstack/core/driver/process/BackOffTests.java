package dev.withstack.core.driver.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackOffTests {

    @Test
    void nextWhenItEndsAtOnceEachTimeDoublesUpToALimit() {
        BackOff backOff = new BackOff();

        assertThat(backOff.next(Duration.ZERO)).isEqualTo(Duration.ofMillis(500));
        assertThat(backOff.next(Duration.ZERO)).isEqualTo(Duration.ofSeconds(1));
        for (int i = 0; i < 10; i++) {
            backOff.next(Duration.ZERO);
        }
        assertThat(backOff.next(Duration.ZERO)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void nextWhenItHasRunWellBeginsAnew() {
        BackOff backOff = new BackOff();
        backOff.next(Duration.ZERO);
        backOff.next(Duration.ZERO);

        assertThat(backOff.next(Duration.ofMinutes(5))).isEqualTo(Duration.ofMillis(500));
    }
}
