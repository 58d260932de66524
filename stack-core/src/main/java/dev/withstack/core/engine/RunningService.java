package dev.withstack.core.engine;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.Driver.ExecResult;
import dev.withstack.core.driver.Driver.LogLine;
import dev.withstack.core.driver.Driver.LogRequest;
import dev.withstack.core.health.Answer;
import dev.withstack.core.health.Prober;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.NetworkAddresses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A live handle on one service of a running stack. Thread-safe; has nothing to close. */
public final class RunningService {
    private final StackDefinition definition;
    private final Service service;
    private final Driver driver;

    RunningService(StackDefinition definition, Service service, Driver driver) {
        this.definition = definition;
        this.service = service;
        this.driver = driver;
    }

    public String name() {
        return service.name();
    }

    /** Return where the service's first endpoint is reached from this host. */
    public HostAndPort address() {
        return address("");
    }

    /** Return where an endpoint is reached from this host. */
    public HostAndPort address(String endpoint) {
        return driver.hostAddresses(definition)
                .find(service.name(), service.endpoint(endpoint).name());
    }

    /** Ask the service's probe, once. */
    public Answer ask() throws InterruptedException {
        return new Prober(new NetworkAddresses(definition)).ask(service, driver.target(definition, service));
    }

    /** Run a command in the service's container and wait for its end. */
    public ExecResult exec(Duration timeout, String... command) throws InterruptedException {
        return driver.exec(definition.id(), service.name(), List.of(command), timeout);
    }

    /** Return the last lines of the service's log. */
    public List<String> logTail(int lines) {
        List<String> tail = new ArrayList<>();
        try (Driver.Watch watch = driver.logs(
                definition.id(), service.name(), LogRequest.last(lines), (LogLine line) -> tail.add(line.text()))) {
            return tail;
        }
    }
}
