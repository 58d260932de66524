package dev.withstack.core.engine;

import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.FakeDriver;
import dev.withstack.core.driver.PostMortem;
import dev.withstack.core.health.ProbeTarget;
import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Step;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Several stacks beside each other, each on a host in memory of its own. */
final class Street implements Driver {
    private final Clock clock;
    private final Map<StackId, FakeDriver> houses = new LinkedHashMap<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();

    Street(Clock clock) {
        this.clock = clock;
    }

    /** Return the host of a stack. */
    synchronized FakeDriver house(StackId id) {
        return houses.computeIfAbsent(id, unused -> new FakeDriver(clock));
    }

    /** Return the commands that were run inside containers, each with its stack and service. */
    List<String> commands() {
        return commands;
    }

    @Override
    public String describe() {
        return "a street";
    }

    @Override
    public Observed observe(StackDefinition definition, Collection<String> services) {
        return house(definition.id()).observe(definition, services);
    }

    @Override
    public Observed observe(StackId id) {
        return house(id).observe(id);
    }

    @Override
    public void perform(Step step, StackDefinition definition, Observed observed, Consumer<String> progress)
            throws InterruptedException {
        house(definition.id()).perform(step, definition, observed, progress);
    }

    @Override
    public ProbeTarget target(StackDefinition definition, Service service) {
        return house(definition.id()).target(definition, service);
    }

    @Override
    public AddressBook hostAddresses(StackDefinition definition) {
        return (service, endpoint) -> {
            StackDefinition owner = definition.owner(service);
            return house(owner.id()).hostAddresses(owner).find(service, endpoint);
        };
    }

    @Override
    public Watch watch(StackId id, Consumer<ContainerEvent> listener) {
        return house(id).watch(id, listener);
    }

    @Override
    public int freePort(int from) {
        return from;
    }

    @Override
    public Optional<PostMortem> examine(StackId id, String service, Optional<Instant> ended) {
        return house(id).examine(id, service, ended);
    }

    @Override
    public Watch logs(StackId id, String service, LogRequest request, Consumer<LogLine> consumer) {
        return house(id).logs(id, service, request, consumer);
    }

    @Override
    public ExecResult exec(StackId id, String service, List<String> command, Duration timeout) {
        commands.add(id + " " + service + ": " + command.get(command.size() - 1));
        return new ExecResult(0, "", "");
    }

    @Override
    public void close() {
        houses.values().forEach(FakeDriver::close);
    }
}
