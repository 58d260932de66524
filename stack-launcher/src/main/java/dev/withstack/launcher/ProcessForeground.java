package dev.withstack.launcher;

import dev.withstack.launcher.command.Foreground;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The process we run in. Ctrl-C is taken from the JVM while a command works, since a JVM that is shutting down can't
 * tell a second Ctrl-C from the first; a signal to end is answered in a shutdown hook that waits for the work to be
 * taken back.
 */
final class ProcessForeground implements Foreground {
    private static final Duration LONGEST_ROLL_BACK = Duration.ofMinutes(2);
    private static final int INTERRUPTED = 130;

    @Override
    public Watch interruptedBy(Runnable onFirst, Runnable onForced) {
        Thread worker = Thread.currentThread();
        CountDownLatch finished = new CountDownLatch(1);
        Thread hook = new Thread(
                () -> {
                    onFirst.run();
                    worker.interrupt();
                    awaitQuietly(finished);
                },
                "withstack-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        AtomicInteger signals = new AtomicInteger();
        Optional<Object> before = handleInterrupts(() -> {
            if (signals.incrementAndGet() > 1) {
                onForced.run();
                Runtime.getRuntime().halt(INTERRUPTED);
            }
            onFirst.run();
            worker.interrupt();
        });
        return () -> {
            finished.countDown();
            before.ifPresent(ProcessForeground::setInterruptHandler);
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the hook runs already, and has been let go
                return;
            }
        };
    }

    @Override
    public int handOver(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment);
        Optional<Object> before = handleInterrupts(() -> {});
        try {
            return builder.start().waitFor();
        } finally {
            before.ifPresent(ProcessForeground::setInterruptHandler);
        }
    }

    private static void awaitQuietly(CountDownLatch finished) {
        try {
            boolean unused = finished.await(LONGEST_ROLL_BACK.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Let the task answer Ctrl-C. The JDK's class for it is outside the standard, so it is reached by name, and a JDK
     * without it leaves Ctrl-C to the shutdown hook.
     *
     * @return the handler before
     */
    private static Optional<Object> handleInterrupts(Runnable task) {
        try {
            Class<?> type = Class.forName("sun.misc.SignalHandler");
            Object handler =
                    Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                        if (method.getName().equals("handle")) {
                            task.run();
                            return null;
                        }
                        return method.getName().equals("hashCode")
                                ? System.identityHashCode(proxy)
                                : proxy == (given == null ? null : given[0]);
                    });
            return setInterruptHandler(handler);
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }

    private static Optional<Object> setInterruptHandler(Object handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> type = Class.forName("sun.misc.SignalHandler");
            Object interrupt = signal.getConstructor(String.class).newInstance("INT");
            return Optional.ofNullable(signal.getMethod("handle", signal, type).invoke(null, interrupt, handler));
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }
}
