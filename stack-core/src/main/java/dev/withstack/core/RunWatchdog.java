package dev.withstack.core;

import dev.withstack.core.engine.StackEngine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process beside one that runs test stacks, which removes them when that one is gone without having done so. Which they
 * are stands in their labels, so nobody has to tell it.
 */
final class RunWatchdog {
    private static final Duration A_MOMENT = Duration.ofMillis(100);
    private static final long LONGEST_END_IN_SECONDS = 10;

    private RunWatchdog() {}

    /** Watch until the standard input ends. */
    public static void main(String[] arguments) throws IOException {
        long unused = System.in.transferTo(OutputStream.nullOutputStream());
        awaitEnd(Long.parseLong(arguments[0]));
        try (StackEngine engine = Stacks.engine(System.getenv(), Path.of(""))) {
            engine.sweep(event -> {});
            removeKept(engine);
        }
    }

    /** Stay for as long as a stack that was kept may have to be removed. */
    private static void removeKept(StackEngine engine) {
        Path directory = Stacks.stateDirectory(System.getenv());
        Optional<Instant> due = KeptStack.removeIdle(engine, directory, Instant.now());
        while (due.isPresent()) {
            LockSupport.parkNanos(
                    Math.max(0, Duration.between(Instant.now(), due.get()).toNanos()) + A_MOMENT.toNanos());
            due = KeptStack.removeIdle(engine, directory, Instant.now());
        }
    }

    /** The pipe breaks a moment before the process is no longer there. */
    private static void awaitEnd(long pid) {
        ProcessHandle.of(pid).ifPresent(process -> {
            ProcessHandle unused = process.onExit()
                    .completeOnTimeout(process, LONGEST_END_IN_SECONDS, TimeUnit.SECONDS)
                    .join();
        });
    }
}
