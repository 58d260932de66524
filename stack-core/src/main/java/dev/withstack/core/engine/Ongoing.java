package dev.withstack.core.engine;

import java.time.Duration;

/** Work that goes on beside whoever asked for it. */
interface Ongoing {

    /** Interrupt the work, or keep it from beginning. Returns at once. */
    void cancel();

    /** Wait until the work has really ended, however it ended, but not longer than given. */
    void awaitEnd(Duration longest) throws InterruptedException;
}
