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
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A live handle on a stack. Thread-safe. Closing it does what its maker promised: a handle from
 * {@link StackEngine#up} leaves the stack running, one from {@code Stacks.start} takes down what it has started.
 */
public final class RunningStack implements AutoCloseable {
    private final StackDefinition definition;
    private final Driver driver;
    private final StackEngine engine;
    private final Timeline timeline;
    private final WhenClosed whenClosed;
    private final Faults faults = new Faults();
    private final StackPart.Numbers parts = new StackPart.Numbers();
    private final List<StackData> noted = new CopyOnWriteArrayList<>();
    private boolean isClosed;

    RunningStack(
            StackDefinition definition, Driver driver, StackEngine engine, Timeline timeline, WhenClosed whenClosed) {
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
        return new RunningService(owner, owner.service(name), engine, faults);
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

    /** Take note of the data of all services that this handle's start has brought up, so that it can be put back. */
    public StackData data() throws InterruptedException {
        return data(timeline.entries().keySet(), List.of(), List.of());
    }

    /**
     * Take note of the data of the services as it is now, so that it can be put back.
     *
     * @param keeping services that hold data, besides those whose kind of data is known
     * @param own how those are reset that withstack does not know how to reset, or not as you want it
     * @throws IllegalArgumentException if it is not known how one that holds data is reset
     */
    public StackData data(
            Collection<String> services, Collection<String> keeping, Collection<? extends ServiceReset> own)
            throws InterruptedException {
        StackData data = StackData.of(this, driver, services, keeping, own);
        noted.add(data);
        data.remember();
        return data;
    }

    /**
     * Make a part of each server that this handle's start has brought up, for one user alone: see {@link StackPart}. It begins
     * with a copy of what the server holds. The caller closes it, before this handle.
     *
     * @param services those to be divided
     * @param keeping services that hold data, besides those whose kind of data is known
     * @throws IllegalArgumentException if one that holds data can't be divided, or is used by an application that runs
     * @throws dev.withstack.core.driver.DriverException if that fails for a service
     */
    public StackPart part(Collection<String> services, Collection<String> keeping) throws InterruptedException {
        return StackPart.make(this, driver, services, keeping, parts);
    }

    /**
     * Undo what was done to services of this stack through this handle: all that were killed, paused or disconnected are
     * started, let go on and connected again. Returns when they are ready.
     *
     * @return whether there was anything to undo
     */
    public boolean mend() {
        List<String> disturbed = faults.take();
        for (String name : disturbed) {
            StackDefinition owner = definition.owner(name);
            driver.disturb(owner, owner.service(name), Driver.Disturbance.CONNECT);
        }
        disturbed.stream()
                .map(definition::owner)
                .distinct()
                .forEach(owner -> bringUp(
                        owner,
                        disturbed.stream()
                                .filter(name -> definition.owner(name) == owner)
                                .toList()));
        return !disturbed.isEmpty();
    }

    private void bringUp(StackDefinition owner, List<String> services) {
        RunningStack unused = engine.up(owner, new Selection.Only(services), UpOptions.DEFAULT, event -> {});
    }

    /** Return the same stack as a handle that takes it down, with its data and the engine, when it is closed. */
    public RunningStack destroyedWhenClosed() {
        return new RunningStack(definition, driver, engine, timeline, new WhenClosed.Destroy());
    }

    /**
     * Return the same stack as a handle that takes down all but the services named when it is closed, and closes the
     * engine. Data in volumes is kept.
     */
    public RunningStack takenDownWhenClosed(Collection<String> allBut) {
        return new RunningStack(definition, driver, engine, timeline, new WhenClosed.TakeDown(List.copyOf(allBut)));
    }

    /** Do what the maker promised; a second call does nothing. */
    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        noted.forEach(StackData::close);
        if (whenClosed instanceof WhenClosed.Destroy) {
            try (StackEngine closing = engine) {
                closing.destroyRun(definition);
            }
        } else if (whenClosed instanceof WhenClosed.TakeDown takeDown) {
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

    /** What becomes of a stack when its handle is closed. */
    sealed interface WhenClosed {
        record Leave() implements WhenClosed {}

        record TakeDown(List<String> allBut) implements WhenClosed {}

        record Destroy() implements WhenClosed {}
    }
}
