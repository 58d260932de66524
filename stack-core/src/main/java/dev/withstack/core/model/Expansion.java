package dev.withstack.core.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Turns the services of a definition into those that run: one that has replicas becomes {@code worker-1},
 * {@code worker-2} and so on, or keeps its name where it mostly is one. Where it has endpoints, an {@link Entry} of its name stands in front of them, so that
 * whoever refers to it need not know how many they are.
 */
final class Expansion {
    private final Map<String, Service> declared = new LinkedHashMap<>();

    Expansion(Iterable<Service> declared) {
        declared.forEach(service -> this.declared.put(service.name(), service));
    }

    /** Return the services that run, by name. */
    Map<String, Service> services() {
        Map<String, Service> services = new LinkedHashMap<>();
        for (Service service : declared.values()) {
            for (Service one : expand(service)) {
                services.put(one.name(), withDependencies(one));
            }
        }
        return services;
    }

    /** Return the names of the service's replicas: none if it is not made to be several, or runs elsewhere. */
    static List<String> replicasOf(Service service) {
        return service.replicas()
                .filter(replicas -> !(service.source() instanceof Source.External))
                .map(replicas -> IntStream.rangeClosed(1, replicas.number())
                        .mapToObj(ordinal -> replicas.name(service.name(), ordinal))
                        .toList())
                .orElse(List.of());
    }

    private static List<Service> expand(Service service) {
        List<String> names = replicasOf(service);
        if (names.isEmpty()) {
            return List.of(service);
        }
        List<Service> services = new ArrayList<>();
        for (String name : names) {
            Service replica = replica(service, name);
            services.add(
                    name.equals(names.get(0)) ? replica : replica.changed(draft -> draft.hostRun = Optional.empty()));
        }
        if (hasEntry(service)) {
            services.add(new Entry(service).service());
        }
        return services;
    }

    private static boolean hasEntry(Service service) {
        return !service.endpoints().isEmpty();
    }

    /** A replica is reached through the entry alone, and tells nothing that the entry tells. */
    private static Service replica(Service service, String name) {
        return service.renamed(name).changed(draft -> {
            draft.replicas = Optional.empty();
            draft.replicaOf = Optional.of(service.name());
            draft.endpoints.replaceAll((endpoint, known) -> known.published(new Endpoint.Hidden()));
            draft.pages.clear();
            draft.streams.clear();
            if (hasEntry(service)) {
                draft.aliases.clear();
                draft.aliases.add(Entry.replicasName(service.name()));
            }
        });
    }

    /** Whoever needs a service without an entry needs each of its replicas. */
    private Service withDependencies(Service service) {
        return service.changed(draft -> {
            List<Dependency> asDeclared = List.copyOf(draft.dependencies);
            draft.dependencies.clear();
            asDeclared.forEach(dependency -> draft.dependencies.addAll(meant(dependency)));
        });
    }

    private List<Dependency> meant(Dependency dependency) {
        Service target = declared.get(dependency.on());
        if (target == null || replicasOf(target).isEmpty() || hasEntry(target)) {
            return List.of(dependency);
        }
        return replicasOf(target).stream()
                .map(name -> new Dependency(name, dependency.condition(), dependency.need(), dependency.restart()))
                .toList();
    }
}
