package dev.withstack.core.engine;

import dev.withstack.core.driver.FakeDriver;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An engine on a host in memory, in a time of its own, with a shop to run: {@code web} needs {@code api}, which needs
 * {@code db} and {@code cache}.
 */
final class Play {
    static final StackId ID = StackId.of("shop", Environment.DEV);

    final Simulation time = new Simulation();
    final FakeDriver driver = new FakeDriver(time);
    final StackEngine engine;
    final List<StackEvent> events = new ArrayList<>();

    Play(Path stateDirectory) {
        this.engine = new StackEngine(driver, stateDirectory, time, time);
    }

    static Service service(String name) {
        return Service.image(name, name + ":1").port("http", 80).probe(Probe.command("is-ready"));
    }

    static Service db() {
        return service("db").hostPort(5433).volume("data", "/data").family("db");
    }

    static StackDefinition shop() {
        Service db = db();
        Service cache = service("cache");
        Service api = service("api").env("DB_URL", db.url("sql", "http")).needs(cache);
        return StackDefinition.of("shop", Environment.DEV)
                .add(db, cache, api, service("web").needs(api))
                .build();
    }

    RunningStack up() {
        return up(UpOptions.DEFAULT);
    }

    RunningStack up(UpOptions options) {
        return engine.up(shop(), Selection.all(), options, events::add);
    }

    /** Bring the whole shop up and forget what was done for it. */
    void isUp() {
        up().close();
        driver.forgetPerformed();
        events.clear();
    }

    /** Return the moments at which steps of that text began, since the beginning of time. */
    Duration begun(String stepText) {
        return events.stream()
                .filter(event -> event instanceof StackEvent.StepStarted started
                        && started.step().step().text().equals(stepText))
                .map(event -> Duration.between(Simulation.BEGINNING, event.at()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("'" + stepText + "' did not begin"));
    }

    /** Return when the service was said to be ready, since the beginning of time. */
    Duration ready(String service) {
        return events(StackEvent.Ready.class).stream()
                .filter(ready -> ready.service().equals(service))
                .map(ready -> Duration.between(Simulation.BEGINNING, ready.at()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("'" + service + "' did not become ready"));
    }

    <E extends StackEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
