package dev.withstack.core.engine;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A live handle on a stack. Thread-safe. Closing it does what its maker promised: a handle from
 * {@link StackEngine#up} leaves the stack running, one from {@code Stacks.start} takes down what it has started.
 */
public final class RunningStack implements AutoCloseable {
    private final StackDefinition definition;
    private final Driver driver;
    private final StackEngine engine;
    private final Timeline timeline;
    private final StackEngine.WhenClosed whenClosed;
    private boolean isClosed;

    RunningStack(
            StackDefinition definition,
            Driver driver,
            StackEngine engine,
            Timeline timeline,
            StackEngine.WhenClosed whenClosed) {
        this.definition = definition;
        this.driver = driver;
        this.engine = engine;
        this.timeline = timeline;
        this.whenClosed = whenClosed;
    }

    public StackDefinition definition() {
        return definition;
    }

    /** Return when each service was started and ready, those of the base too, in the start that this handle came from. */
    public Timeline timeline() {
        return timeline;
    }

    /**
     * Return the handle of a service.
     *
     * @throws IllegalArgumentException if there is none of that name, listing those there are
     */
    public RunningService service(String name) {
        StackDefinition owner = definition.owner(name);
        return new RunningService(owner, owner.service(name), driver);
    }

    /** Return the handles of all services, in the order of the definition. */
    public List<RunningService> services() {
        return definition.services().values().stream()
                .map(Service::name)
                .map(this::service)
                .toList();
    }

    /** Return the addresses of all endpoints as this host reaches them. */
    public AddressBook addresses() {
        return driver.hostAddresses(definition);
    }

    /** Return the text of the value as this host reads it, such as a URL with the address that is reached from here. */
    public String resolve(Value value) {
        return value.resolve(addresses());
    }

    /** Return the same stack as a handle that takes it down, with its data and the engine, when it is closed. */
    public RunningStack destroyedWhenClosed() {
        return new RunningStack(definition, driver, engine, timeline, new StackEngine.WhenClosed.Destroy());
    }

    /**
     * Return the same stack as a handle that takes down all but the services named when it is closed, and closes the
     * engine. Data in volumes is kept.
     */
    public RunningStack takenDownWhenClosed(Collection<String> allBut) {
        return new RunningStack(
                definition, driver, engine, timeline, new StackEngine.WhenClosed.TakeDown(List.copyOf(allBut)));
    }

    /** Do what the maker promised; a second call does nothing. */
    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        if (whenClosed instanceof StackEngine.WhenClosed.Destroy) {
            try (StackEngine closing = engine) {
                closing.destroyRun(definition);
            }
        } else if (whenClosed instanceof StackEngine.WhenClosed.TakeDown takeDown) {
            try (StackEngine closing = engine) {
                takeDown(closing, takeDown.allBut());
            }
        }
    }

    private void takeDown(StackEngine closing, List<String> allBut) {
        Set<String> started = new LinkedHashSet<>(timeline.entries().keySet());
        // its base is nobody's to take along
        started.retainAll(definition.services().keySet());
        allBut.forEach(started::remove);
        if (allBut.isEmpty()) {
            closing.down(definition.id(), List.of(), event -> {});
        } else if (!started.isEmpty()) {
            closing.down(definition.id(), started, event -> {});
        }
    }
}
