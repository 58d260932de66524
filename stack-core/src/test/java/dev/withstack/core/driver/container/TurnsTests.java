package dev.withstack.core.driver.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnsTests {

    @Test
    void takeWhenManyComeAtOnceLetsSoManyBeUnderWayAndServesAll() throws Exception {
        Turns turns = new Turns(2);
        CyclicBarrier pairs = new CyclicBarrier(2);
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch served = new CountDownLatch(8);
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try {
            for (int i = 0; i < 8; i++) {
                callers.execute(() -> {
                    try {
                        turns.take(() -> {
                            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                            meet(pairs);
                            underWay.decrementAndGet();
                        });
                        served.countDown();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }

            assertThat(served.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(most).hasValue(2);
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void takeWhenACallFailsGivesItsTurnBack() throws Exception {
        Turns turns = new Turns(1);

        assertThatThrownBy(() -> turns.take(() -> {
                    throw new IllegalStateException("It failed.");
                }))
                .hasMessage("It failed.");

        AtomicInteger calls = new AtomicInteger();
        turns.take(calls::incrementAndGet);
        assertThat(calls).hasValue(1);
    }

    private static void meet(CyclicBarrier pairs) {
        try {
            pairs.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
