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

    private static boolean mayHoldData(Service service, Collection<String> keeping) {
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
        for (Map.Entry<String, Way> way : ways.entrySet()) {
            try {
                way.getValue().remember();
            } catch (Exception e) {
                throw failed("take note of the data of", way.getKey(), e);
            }
        }
    }

    /**
     * Put the data of all services back to what was remembered last.
     *
     * @throws DriverException if that fails for a service; what was put back before stays so
     */
    public synchronized void reset() throws InterruptedException {
        for (Map.Entry<String, Way> way : ways.entrySet()) {
            try {
                way.getValue().reset();
            } catch (Exception e) {
                throw failed("put back the data of", way.getKey(), e);
            }
        }
    }

    private static DriverException failed(String verb, String service, Exception failure) throws InterruptedException {
        if (failure instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        return new DriverException(
                DriverException.Kind.REFUSED,
                "Can't " + verb + " '" + service + "': "
                        + (failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage()),
                "look at the server's log: logs " + service,
                failure);
    }
}
