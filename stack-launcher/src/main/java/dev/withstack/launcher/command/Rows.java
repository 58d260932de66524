package dev.withstack.launcher.command;

import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.Observed;
import dev.withstack.launcher.render.ServiceRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes the rows of the tables. */
final class Rows {

    private Rows() {}

    /**
     * Return rows from what the engine shows alone: what others need comes first, else by name.
     *
     * @param host by which published ports are reached from here
     */
    static List<ServiceRow> of(Observed observed, String host) {
        return observed.containers().values().stream()
                .sorted(Comparator.comparingInt((Observed.Container container) -> depth(container, observed, 0))
                        .thenComparing(Observed.Container::service))
                .map(container -> of(container, host))
                .toList();
    }

    /** Count the longest way down to a service that needs nothing. */
    private static int depth(Observed.Container container, Observed observed, int above) {
        int deepest = 0;
        for (String need : container.needs()) {
            Optional<Observed.Container> needed = observed.container(need);
            // labels are only text: a cycle in them must not end in a stack overflow
            if (needed.isPresent() && above < observed.containers().size()) {
                deepest = Math.max(deepest, 1 + depth(needed.get(), observed, above + 1));
            }
        }
        return deepest;
    }

    private static ServiceRow of(Observed.Container container, String host) {
        List<String> addresses = container.hostPorts().values().stream()
                .sorted()
                .map(port -> new HostAndPort(host, port).toString())
                .toList();
        return new ServiceRow(
                container.service(),
                container.state().name().toLowerCase(Locale.ROOT),
                healthOf(container),
                addresses,
                Optional.of(container.image()),
                container.status(),
                Optional.empty());
    }

    private static String healthOf(Observed.Container container) {
        if (container.isCutOff()) {
            return "cut off";
        }
        boolean isWatched = container.health() != Observed.Health.NONE;
        return isWatched && container.isRunning()
                ? container.health().name().toLowerCase(Locale.ROOT)
                : container.isRunning() ? "" : " ";
    }

    /** Return the rows of the services that a start has brought up. */
    static List<ServiceRow> of(RunningStack stack, Observed observed) {
        List<ServiceRow> rows = new ArrayList<>();
        stack.timeline().entries().forEach((name, entry) -> {
            Service service = stack.definition().owner(name).service(name);
            Optional<Observed.Container> container = observed.container(name);
            boolean isExternal = service.source() instanceof Source.External;
            rows.add(new ServiceRow(
                    name,
                    isExternal
                            ? "external"
                            : container
                                    .map(one -> one.state().name().toLowerCase(Locale.ROOT))
                                    .orElse("gone"),
                    service.probe().isPresent() && !service.isOneShot() ? "healthy" : "",
                    addresses(service, stack.addresses()),
                    container.map(Observed.Container::image).filter(use -> use.standing() != ImageUse.Standing.NONE),
                    "",
                    Optional.of(entry.took())));
        });
        return rows;
    }

    /** Return where the host reaches the service, a page for each endpoint that has one. */
    static List<String> addresses(Service service, AddressBook hosts) {
        List<String> addresses = new ArrayList<>();
        boolean isOne = service.endpoints().size() == 1;
        for (Endpoint endpoint : service.endpoints()) {
            boolean isHidden =
                    endpoint.publication() instanceof Endpoint.Hidden && !(service.source() instanceof Source.External);
            if (!isHidden) {
                HostAndPort at = hosts.find(service.name(), endpoint.name());
                String page = service.pages().get(endpoint.name());
                String text = page == null ? at.toString() : "http://" + at + page;
                addresses.add(isOne || page != null ? text : text + " " + endpoint.name());
            }
        }
        return addresses;
    }
}
