package dev.withstack.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LanesTests {
    @Test
    void runWhenThereAreManyDoesSeveralAtOnceAndAllOfThem() throws Exception {
        CountDownLatch together = new CountDownLatch(3);
        Queue<Integer> done = new ConcurrentLinkedQueue<>();
        try (Lanes lanes = new Lanes()) {
            for (int i = 0; i < 30; i++) {
                int number = i;
                lanes.run(() -> {
                    await(together);
                    done.add(number);
                });
            }
        }
        assertThat(done).hasSize(30);
    }

    private static void await(CountDownLatch together) throws IOException {
        together.countDown();
        try {
            together.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void closeWhenOneFailedThrowsThatOnceAndWaitsForTheOthers() {
        Queue<String> done = new ConcurrentLinkedQueue<>();

        assertThatThrownBy(() -> {
                    try (Lanes lanes = new Lanes()) {
                        CountDownLatch failed = new CountDownLatch(1);
                        lanes.run(() -> {
                            await(failed);
                            done.add("other");
                        });
                        lanes.run(() -> {
                            failed.countDown();
                            throw new IOException("the disk is full");
                        });
                    }
                })
                .hasMessage("the disk is full")
                .hasNoSuppressedExceptions();

        assertThat(done).containsExactly("other");
    }

    @Test
    void runWhenOneHasFailedBeginsNoMore() {
        Queue<String> begun = new ConcurrentLinkedQueue<>();

        assertThatThrownBy(() -> {
                    try (Lanes lanes = new Lanes()) {
                        while (true) {
                            begun.add("one");
                            lanes.run(() -> {
                                throw new IOException("the disk is full");
                            });
                        }
                    }
                })
                .hasMessage("the disk is full");

        assertThat(begun).hasSizeLessThan(1000);
    }
}
