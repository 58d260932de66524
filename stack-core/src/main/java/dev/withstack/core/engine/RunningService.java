package dev.withstack.core.engine;

import dev.withstack.core.data.ServiceConnection;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.Driver.Disturbance;
import dev.withstack.core.driver.Driver.ExecResult;
import dev.withstack.core.driver.Driver.LogLine;
import dev.withstack.core.driver.Driver.LogRequest;
import dev.withstack.core.health.Answer;
import dev.withstack.core.health.Prober;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.NetworkAddresses;
import dev.withstack.core.plan.Observed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A live handle on one service of a running stack. Thread-safe; has nothing to close.
 *
 * <p>What is done to a service with {@link #kill}, {@link #pause} and {@link #disconnect} lasts until it is undone, by
 * {@link #restart}, {@link #resume} and {@link #connect}, or by {@link RunningStack#mend} for all of them. A port of this
 * host that was chosen freely is another one afterwards: ask for the address again.
 */
public final class RunningService {
    private final StackDefinition definition;
    private final Service service;
    private final StackEngine engine;
    private final Faults faults;

    RunningService(StackDefinition definition, Service service, StackEngine engine, Faults faults) {
        this.definition = definition;
        this.service = service;
        this.engine = engine;
        this.faults = faults;
    }

    public String name() {
        return service.name();
    }

    /** Return what was asked of it. */
    public Service definition() {
        return service;
    }

    /** Return where the service's first endpoint is reached from this host. */
    public HostAndPort address() {
        return address("");
    }

    /** Return where an endpoint is reached from this host. */
    public HostAndPort address(String endpoint) {
        return driver().hostAddresses(definition)
                .find(service.name(), service.endpoint(endpoint).name());
    }

    /**
     * Return what a client needs to use the service's data from this host; empty if it is of no kind that we know.
     */
    public Optional<ServiceConnection> connection() {
        return ServiceConnection.to(service, driver().hostAddresses(definition));
    }

    /**
     * Return what a client needs to use the service's data from this host.
     *
     * @throws IllegalArgumentException if the service is of another kind
     */
    public <T extends ServiceConnection> T connection(Class<T> type) {
        return connection()
                .filter(type::isInstance)
                .map(type::cast)
                .orElseThrow(() -> new IllegalArgumentException("Service '" + name() + "' has no "
                        + type.getSimpleName() + "; it holds "
                        + service.data()
                                .map(data -> "the data of " + data.getClass().getSimpleName())
                                .orElse("no data of a kind that is known")
                        + "."));
    }

    /** Ask the service's probe, once. */
    public Answer ask() throws InterruptedException {
        return new Prober(new NetworkAddresses(definition)).ask(service, driver().target(definition, service));
    }

    /** Return its container or process as it is now; empty if there is none. */
    public Optional<Observed.Container> container() {
        return driver().observe(definition.id()).container(name());
    }

    /**
     * Wait until the service's probe says that it is ready.
     *
     * @throws IllegalStateException if it does not within this time, with its last answer
     */
    public void awaitHealthy(Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        Answer answer = ask();
        for (int attempt = 0; !(answer instanceof Answer.Ready); attempt++) {
            if (System.nanoTime() - end >= 0) {
                throw new IllegalStateException("'" + name() + "' is not ready after " + longest.toMillis()
                        + " ms. Its probe's last answer: " + answer.text());
            }
            LockSupport.parkNanos(Prober.pause(service, attempt).toNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            answer = ask();
        }
    }

    /** Run a command in the service's container and wait for its end. */
    public ExecResult exec(Duration timeout, String... command) throws InterruptedException {
        return driver().exec(definition.id(), service.name(), List.of(command), timeout);
    }

    /** Return the last lines of the service's log, secrets masked. */
    public List<String> logTail(int lines) {
        return logs(LogRequest.last(lines)).stream().map(LogLine::text).toList();
    }

    /** Return what the service has logged since then, secrets masked. */
    public List<LogLine> logsSince(Instant since) {
        return logs(new LogRequest(-1, Optional.of(since), Driver.Follow.NO));
    }

    private List<LogLine> logs(LogRequest request) {
        Secrets secrets = new Secrets(definition);
        List<LogLine> lines = new ArrayList<>();
        try (Driver.Watch watch = driver().logs(
                        definition.id(),
                        service.name(),
                        request,
                        line -> lines.add(new LogLine(line.service(), line.at(), secrets.mask(line.text()))))) {
            return lines;
        }
    }

    /** End the service's main process at once, as a crash does. It stays down. */
    public void kill() {
        disturb(Disturbance.KILL);
    }

    /** Freeze the service's processes: connections stay open, nothing answers. */
    public void pause() {
        disturb(Disturbance.PAUSE);
    }

    /** Let the processes go on. */
    public void resume() {
        disturb(Disturbance.RESUME);
    }

    /** Take the service out of its networks: it runs on, and nobody reaches it, nor it anybody. */
    public void disconnect() {
        disturb(Disturbance.DISCONNECT);
    }

    /** Put the service back into its networks. */
    public void connect() {
        disturb(Disturbance.CONNECT);
    }

    /** Stop the service, start it again, and wait until it is ready. Its data stays. */
    public void restart() {
        RunningStack unused =
                engine.restart(definition, new Selection.Only(List.of(name())), UpOptions.DEFAULT, event -> {});
    }

    private void disturb(Disturbance disturbance) {
        faults.remember(name());
        driver().disturb(definition, service, disturbance);
    }

    private Driver driver() {
        return engine.driver();
    }
}
