package dev.withstack.core.catalog;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;
import java.time.Duration;

/** A Flower, which shows what Celery's workers do. Immutable. */
public final class Flower implements Declared<Flower> {
    private final Service service;

    private Flower(Service service) {
        this.service = service;
    }

    /** Declare a Flower 2 on port 5555, which watches the broker at the URL. */
    public static Flower service(String name, Value broker) {
        return new Flower(on(Service.image(name, "mher/flower:2.0"))
                .command("celery", "flower", "--port=5555")
                .env("CELERY_BROKER_URL", broker));
    }

    /**
     * Declare a Flower in the image of its application.
     *
     * @param image where it runs: {@code Service.built(..)} or {@code Service.image(..)}
     * @param app the module with the Celery application, as {@code celery -A} takes it
     */
    public static Flower of(Service image, String app) {
        return new Flower(on(image).command("celery", "-A", app, "flower", "--port=5555"));
    }

    private static Service on(Service image) {
        return image.port("http", 5555)
                .usualBoot(Duration.ofSeconds(3))
                .probe(Probe.http("/healthcheck"))
                .containerCheck(ContainerCheck.python("http://127.0.0.1:5555/healthcheck"))
                .page("http", "/");
    }

    /** Let in only who knows this, {@code user:password}. */
    public Flower login(Value userAndPassword) {
        return env("FLOWER_BASIC_AUTH", userAndPassword);
    }

    /** Return the URL of its pages and its HTTP API. */
    public Value url() {
        return url("http", "http");
    }

    @Override
    public Service service() {
        return service;
    }

    @Override
    public Flower with(Service changed) {
        return new Flower(changed);
    }
}
