package dev.withstack.core.engine;

import dev.withstack.core.driver.DriverException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Does something with the data of several services at the same time, each of which mostly waits for its server. */
final class AtOnce {
    private AtOnce() {}

    /** What is done with one service. */
    interface Deed {
        void run() throws Exception;
    }

    /**
     * Do all of it, and wait until all is done.
     *
     * @param verb for the message, such as {@code put back the data of}
     * @param deeds by the name of the service
     * @throws DriverException if one fails; the others are done all the same
     */
    static void run(String verb, Map<String, Deed> deeds) throws InterruptedException {
        Map<String, FutureTask<Boolean>> tasks = new LinkedHashMap<>();
        deeds.forEach((service, deed) -> tasks.put(service, new FutureTask<>(() -> {
            deed.run();
            return true;
        })));
        tasks.forEach((service, task) -> new Thread(task, "withstack-data-" + service).start());
        DriverException failure = null;
        for (Map.Entry<String, FutureTask<Boolean>> task : tasks.entrySet()) {
            try {
                boolean unused = task.getValue().get();
            } catch (ExecutionException e) {
                DriverException next = failed(verb, task.getKey(), e.getCause());
                if (failure == null) {
                    failure = next;
                } else {
                    failure.addSuppressed(next);
                }
            } catch (InterruptedException e) {
                tasks.values().forEach(other -> other.cancel(true));
                throw e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static DriverException failed(String verb, String service, @Nullable Throwable cause) {
        Throwable failure = cause == null ? new IllegalStateException("it failed for no reason") : cause;
        return new DriverException(
                DriverException.Kind.REFUSED,
                "Can't " + verb + " '" + service + "': "
                        + (failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage()),
                "look at the server's log: logs " + service,
                failure);
    }
}
