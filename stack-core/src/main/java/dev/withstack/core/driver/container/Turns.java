package dev.withstack.core.driver.container;

import java.util.concurrent.Semaphore;

/** Lets so many calls be under way at a time; the others wait for their turn. Thread-safe. */
final class Turns {
    private final Semaphore free;

    Turns(int atOnce) {
        this.free = new Semaphore(atOnce);
    }

    void take(Runnable call) throws InterruptedException {
        free.acquire();
        try {
            call.run();
        } finally {
            free.release();
        }
    }
}
