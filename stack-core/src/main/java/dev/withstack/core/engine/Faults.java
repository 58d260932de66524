package dev.withstack.core.engine;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The services that something was done to. Thread-safe. */
final class Faults {
    private final Set<String> services = new LinkedHashSet<>();

    synchronized void remember(String service) {
        services.add(service);
    }

    /** Return the services, and forget them. */
    synchronized List<String> take() {
        List<String> taken = List.copyOf(services);
        services.clear();
        return taken;
    }
}
