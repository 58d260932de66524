package dev.withstack.core.engine;

import dev.withstack.core.data.DataReset;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The data of a running stack's services, which can be put back to what they were. Thread-safe: one change goes on at a
 * time.
 *
 * <p>Known are the kinds of {@link dev.withstack.core.model.Data}; for others there is {@link ServiceReset}. What services
 * without data keep in memory is not ours to know: after a reset they may remember what the servers have forgotten.
 *
 * <p>Connections to servers may be kept from one reset to the next; the {@link RunningStack} closes them when it is closed.
 */
public final class StackData {
    private final Map<String, Way> ways;

    private StackData(Map<String, Way> ways) {
        this.ways = ways;
    }

    /** How one service is reset. */
    private interface Way {
        void remember() throws Exception;

        void reset() throws Exception;

        default void close() {}
    }

    /**
     * @param services those that run
     * @param keeping services that hold data, for all we know
     * @param own ways that come before those that are known
     * @throws IllegalArgumentException if it is not known how to reset one that holds data
     */
    static StackData of(
            RunningStack stack,
            Driver driver,
            Collection<String> services,
            Collection<String> keeping,
            Collection<? extends ServiceReset> own) {
        Map<String, Way> ways = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        for (String name : services) {
            StackDefinition owner = stack.definition().owner(name);
            Service service = owner.service(name);
            Optional<Way> way = Optional.empty();
            for (ServiceReset reset : own) {
                if (reset.service().equals(name)) {
                    way = Optional.of(way(reset, stack.service(name)));
                }
            }
            if (way.isEmpty() && !(service.source() instanceof Source.External)) {
                way = DataReset.of(driver, owner, service).map(StackData::way);
            }
            way.ifPresent(known -> ways.put(name, known));
            if (way.isEmpty() && mayHoldData(service, keeping)) {
                unknown.add(name + " (" + why(service) + ")");
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("It is not known how to put back the data of: "
                    + String.join(", ", unknown) + ". Give a ServiceReset for it, or leave it as it is.");
        }
        for (ServiceReset reset : own) {
            if (!services.contains(reset.service())) {
                throw new IllegalArgumentException("There is a ServiceReset for '" + reset.service()
                        + "', which does not run; running are: "
                        + services.stream().collect(Collectors.joining(", ")) + ".");
            }
        }
        return new StackData(ways);
    }

    static StackData of(Map<String, DataReset> resets) {
        Map<String, Way> ways = new LinkedHashMap<>();
        resets.forEach((name, reset) -> ways.put(name, way(reset)));
        return new StackData(ways);
    }

    /** Tell whether the service holds data, of whatever kind. */
    static boolean mayHoldData(Service service, Collection<String> keeping) {
        return service.data().isPresent()
                || service.source() instanceof Source.Provided
                || keeping.contains(service.name());
    }

    private static String why(Service service) {
        if (service.source() instanceof Source.External) {
            return "it runs elsewhere and is not ours";
        } else if (service.source() instanceof Source.Provided) {
            return "it is a container of your own";
        }
        return "it keeps files in a volume";
    }

    private static Way way(ServiceReset reset, RunningService service) {
        return new Way() {
            @Override
            public void remember() throws Exception {
                reset.remember(service);
            }

            @Override
            public void reset() throws Exception {
                reset.reset(service);
            }
        };
    }

    private static Way way(DataReset reset) {
        return new Way() {
            @Override
            public void remember() throws Exception {
                reset.remember();
            }

            @Override
            public void reset() throws Exception {
                reset.reset();
            }

            @Override
            public void close() {
                reset.close();
            }
        };
    }

    /** Return the names of the services whose data is put back. */
    public List<String> services() {
        return List.copyOf(ways.keySet());
    }

    /**
     * Take the data as it is now for what it is put back to, instead of what it was after the start.
     *
     * @throws DriverException if that fails for a service
     */
    public synchronized void remember() throws InterruptedException {
        Map<String, AtOnce.Deed> deeds = new LinkedHashMap<>();
        ways.forEach((service, way) -> deeds.put(service, way::remember));
        AtOnce.run("take note of the data of", deeds);
    }

    /**
     * Put the data of all services back to what was remembered last.
     *
     * @throws DriverException if that fails for a service; what was put back of the others stays so
     */
    public synchronized void reset() throws InterruptedException {
        Map<String, AtOnce.Deed> deeds = new LinkedHashMap<>();
        ways.forEach((service, way) -> deeds.put(service, way::reset));
        AtOnce.run("put back the data of", deeds);
    }

    /** Let go of connections to the servers. */
    synchronized void close() {
        ways.values().forEach(Way::close);
    }
}
