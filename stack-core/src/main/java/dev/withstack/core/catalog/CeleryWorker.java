package dev.withstack.core.catalog;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Shell;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Celery worker in the image of its application. Immutable. */
public final class CeleryWorker implements Declared<CeleryWorker> {
    /** It starts an interpreter, asks over the broker and waits for answers: a matter of seconds. */
    private static final Duration PACE = Duration.ofSeconds(30);

    private final Service service;
    private final String app;
    private final List<String> queues;
    private final Optional<Integer> concurrency;

    private CeleryWorker(Service service, String app, List<String> queues, Optional<Integer> concurrency) {
        this.service = service;
        this.app = app;
        this.queues = List.copyOf(queues);
        this.concurrency = concurrency;
    }

    /**
     * Declare a worker.
     *
     * @param image where it runs: {@code Service.built(..)} or {@code Service.image(..)}
     * @param app the module with the Celery application, as {@code celery -A} takes it
     */
    public static CeleryWorker of(Service image, String app) {
        // the worker is asked by its own name: any other one would answer for it
        String ping = "celery -A " + app + " inspect ping -d celery@$HOSTNAME";
        Service service = image.probe(Probe.command("sh", "-c", ping))
                .usualBoot(Duration.ofSeconds(5))
                .containerCheck(ContainerCheck.of(ping).every(PACE).within(PACE))
                .shell(new Shell(image.name(), List.of("sh"), Map.of()));
        return new CeleryWorker(service, app, List.of(), Optional.empty()).started();
    }

    /** Work on these queues, rather than on the usual one. */
    public CeleryWorker queues(String... names) {
        return new CeleryWorker(service, app, List.of(names), concurrency).started();
    }

    /** Work on this many tasks at once. */
    public CeleryWorker concurrency(int tasks) {
        return new CeleryWorker(service, app, queues, Optional.of(tasks)).started();
    }

    private CeleryWorker started() {
        List<String> command = new java.util.ArrayList<>(
                List.of("celery", "-A", app, "worker", "--loglevel=info", "--events", "--hostname=celery@%h"));
        concurrency.ifPresent(tasks -> command.add("--concurrency=" + tasks));
        if (!queues.isEmpty()) {
            command.add("--queues=" + String.join(",", queues));
        }
        return command(command.toArray(String[]::new));
    }

    @Override
    public Service service() {
        return service;
    }

    @Override
    public CeleryWorker with(Service changed) {
        return new CeleryWorker(changed, app, queues, concurrency);
    }
}
