package dev.withstack.core.engine;

import dev.withstack.core.data.DataPart;
import dev.withstack.core.data.DataReset;
import dev.withstack.core.data.ServiceConnection;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * A part of each server of a running stack that one user has to himself, while others have theirs: a database of
 * PostgreSQL, a numbered database of Redis, buckets and collections whose names begin alike. Each begins with a copy of what
 * the server holds. Closing it removes the parts with their data. Thread-safe.
 *
 * <p>What is the server's as a whole is shared: roles, extensions that are loaded with it, users, settings, functions and
 * channels of Redis, policies of buckets.
 */
public final class StackPart implements AutoCloseable {
    private final Map<String, DataPart> parts;
    private final Numbers numbers;
    private final int number;
    private final List<StackData> noted = new CopyOnWriteArrayList<>();
    private boolean isClosed;

    private StackPart(Map<String, DataPart> parts, Numbers numbers, int number) {
        this.parts = parts;
        this.numbers = numbers;
        this.number = number;
    }

    /**
     * Make one.
     *
     * @param services those that run and are divided
     * @param keeping services that hold data, for all we know
     * @throws IllegalArgumentException if one can't be divided, or is used by an application that runs
     */
    static StackPart make(
            RunningStack stack, Driver driver, Collection<String> services, Collection<String> keeping, Numbers numbers)
            throws InterruptedException {
        int number = numbers.take();
        Map<String, DataPart> parts = new LinkedHashMap<>();
        StackPart part = new StackPart(parts, numbers, number);
        try {
            for (String name : services) {
                StackDefinition owner = stack.definition().owner(name);
                Service service = owner.service(name);
                if (!(service.source() instanceof Source.External)) {
                    DataPart.of(driver, owner, service, number).ifPresent(known -> parts.put(name, known));
                }
            }
            refuseWhatIsNotDivided(stack, services, keeping, parts);
            Map<String, AtOnce.Deed> deeds = new LinkedHashMap<>();
            parts.forEach((name, known) -> deeds.put(name, known::make));
            AtOnce.run("make a part of", deeds);
            return part;
        } catch (RuntimeException | InterruptedException e) {
            try {
                part.close();
            } catch (DriverException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private static void refuseWhatIsNotDivided(
            RunningStack stack, Collection<String> services, Collection<String> keeping, Map<String, DataPart> parts) {
        List<String> undivided = services.stream()
                .filter(name -> !parts.containsKey(name))
                .filter(name ->
                        StackData.mayHoldData(stack.definition().owner(name).service(name), keeping))
                .toList();
        if (!undivided.isEmpty()) {
            throw new IllegalArgumentException("It is not known how to give everybody a part of their own of: "
                    + String.join(", ", undivided) + ". Share it, as what is left untouched.");
        }
        List<String> applications = new ArrayList<>();
        for (String name : stack.timeline().entries().keySet()) {
            Service service = stack.definition().owner(name).service(name);
            String used = service.dependencies().stream()
                    .map(dependency -> dependency.on())
                    .filter(parts::containsKey)
                    .collect(Collectors.joining("' and '"));
            if (!used.isEmpty() && !service.isOneShot() && !parts.containsKey(name)) {
                applications.add("'" + name + "', which uses '" + used + "'");
            }
        }
        if (!applications.isEmpty()) {
            throw new IllegalArgumentException(
                    "Nobody can have a part of their own of servers that an application of the"
                            + " stack uses for all: there runs " + String.join("; and ", applications)
                            + ". Start the servers alone, or give each its own stack.");
        }
    }

    /**
     * Return what a client needs to use this part of the service, from this host; the service as a whole if it is not
     * divided; empty if it holds nothing that we know how to use.
     */
    public Optional<ServiceConnection> connection(RunningService service) {
        DataPart part = parts.get(service.name());
        return part == null ? service.connection() : service.connection().map(part::within);
    }

    /** Take note of the data of these parts as it is now, so that it alone can be put back. */
    public StackData data() throws InterruptedException {
        Map<String, DataReset> resets = new LinkedHashMap<>();
        parts.forEach((name, part) -> resets.put(name, part.reset()));
        StackData data = StackData.of(resets);
        noted.add(data);
        data.remember();
        return data;
    }

    /** @throws DriverException if a part can't be removed */
    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        noted.forEach(StackData::close);
        Map<String, AtOnce.Deed> deeds = new LinkedHashMap<>();
        parts.forEach((name, part) -> deeds.put(name, part::remove));
        try {
            AtOnce.run("remove a part of", deeds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // whoever has the number next writes over what may be left
            numbers.giveBack(number);
        }
    }

    /** The numbers that parts of one stack have; the lowest that is free is given, as a Redis has few. Thread-safe. */
    static final class Numbers {
        private final BitSet taken = new BitSet();

        synchronized int take() {
            int number = taken.nextClearBit(1);
            taken.set(number);
            return number;
        }

        synchronized void giveBack(int number) {
            taken.clear(number);
        }
    }
}
