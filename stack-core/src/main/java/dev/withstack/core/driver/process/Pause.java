package dev.withstack.core.driver.process;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets time pass. */
@FunctionalInterface
interface Pause {
    /** The time of this host. */
    Pause REAL = length -> {
        boolean unused = new CountDownLatch(1).await(length.toNanos(), TimeUnit.NANOSECONDS);
    };

    void last(Duration length) throws InterruptedException;
}
