package dev.withstack.core.compose;

import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Setup;
import java.util.Optional;

/** The ports of a service. Those without an address of the host are published to this machine alone. */
final class Ports {
    private static final int HIGHEST = 65_535;

    private final Part part;
    private final Findings findings;

    /** @param part the service */
    Ports(Part part, Findings findings) {
        this.part = part;
        this.findings = findings;
    }

    Service of(Service service) {
        Service changed = service;
        for (Part port : part.has("ports") ? part.list("ports") : java.util.List.<Part>of()) {
            Vocabulary.PORT.check(port, findings);
            changed = published(port, changed);
        }
        for (String port : part.has("expose") ? part.texts("expose") : java.util.List.<String>of()) {
            changed = exposed(port, changed);
        }
        return changed;
    }

    private Service published(Part port, Service service) {
        Optional<Integer> target = port.number("target", 1, HIGHEST);
        if (target.isEmpty()) {
            if (!port.has("target")) {
                findings.error(port.place(), "a port has to say its 'target': the port of the container.", "");
            }
            return service;
        }
        return switch (port.text("protocol").orElse("tcp")) {
            case "tcp" -> tcp(port, target.get(), service);
            case "udp" ->
                service.setup(service.setup()
                        .datagrams(new Setup.Datagrams(
                                address(port), hostPort(port).orElse(0), target.get())));
            default -> {
                findings.error(port.place("protocol"), "a port is for tcp or udp.", "");
                yield service;
            }
        };
    }

    private Service tcp(Part port, int target, Service service) {
        Endpoint.Publication publication = hostPort(port)
                .<Endpoint.Publication>map(hostPort -> new Endpoint.Fixed(address(port), hostPort))
                .orElseGet(() -> new Endpoint.AnyFree(address(port)));
        Optional<Endpoint> known = find(service, target);
        if (known.isPresent() && !(known.get().publication() instanceof Endpoint.Hidden)) {
            findings.error(
                    port.place(),
                    "port " + target + " of '" + part.name() + "' is published twice.",
                    "Keep one of them, or give the second to a service of its own.");
            return service;
        }
        String name = port.text("name").map(ComposeNames::of).orElse("tcp-" + target);
        Service with = known.isPresent() ? service : service.port(name, target);
        String endpoint = known.map(Endpoint::name).orElse(name);
        Service published = with.published(endpoint, publication);
        return port.text("app_protocol").orElse("").startsWith("http") ? published.page(endpoint, "/") : published;
    }

    private Service exposed(String text, Service service) {
        String port = text.endsWith("/tcp") ? text.substring(0, text.length() - 4) : text;
        if (text.endsWith("/udp")) {
            return service;
        }
        boolean isPort = port.matches("[0-9]{1,5}") && Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= HIGHEST;
        if (!isPort) {
            findings.error(part.place("expose"), "'" + text + "' is no port.", "Write a number such as 8080.");
            return service;
        }
        int number = Integer.parseInt(port);
        return find(service, number).isPresent() ? service : service.port("tcp-" + number, number);
    }

    private static Optional<Endpoint> find(Service service, int port) {
        return service.endpoints().stream()
                .filter(endpoint -> endpoint.port() == port)
                .findFirst();
    }

    private Optional<Integer> hostPort(Part port) {
        Optional<String> published = port.text("published").filter(text -> !text.isEmpty() && !text.equals("0"));
        if (published.filter(text -> text.contains("-")).isPresent()) {
            findings.error(
                    port.place("published"),
                    "one port can't be published on a range: '" + published.get() + "'.",
                    "Leave the port of the host out for any that is free, or start with --auto-ports.");
            return Optional.empty();
        }
        return published.isEmpty() ? Optional.empty() : port.number("published", 1, HIGHEST);
    }

    private String address(Part port) {
        Optional<String> asked = port.text("host_ip").filter(text -> !text.isEmpty());
        if (asked.isEmpty()) {
            findings.warning(
                    part.place("ports"),
                    "ports are published to this machine alone, not to its network as Compose does.",
                    "Write 0.0.0.0 in front of those that others may reach.");
        }
        return asked.orElse(Endpoint.LOOPBACK);
    }
}
