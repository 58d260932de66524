package dev.withstack.core.compose;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a service shows that it is ready: by its kind where that is known, else by its health check, else by a port that
 * answers, which is inferred and said to be.
 */
final class Health {
    private static final Duration USUAL = Duration.ofSeconds(30);
    private static final int USUAL_RETRIES = 3;
    private static final Probe OF_IMAGE = new Probe.OfImage(Probe.OfImage.Otherwise.WHATEVER_RUNS);

    private final Part part;
    private final Findings findings;

    /** @param part the service */
    Health(Part part, Findings findings) {
        this.part = part;
        this.findings = findings;
    }

    Service of(Service service) {
        Optional<Part> written = part.part("healthcheck");
        written.ifPresent(check -> Vocabulary.HEALTHCHECK.check(check, findings));
        Optional<ContainerCheck> check =
                written.filter(one -> !one.flag("disable")).flatMap(this::check);
        Service checked = check.map(found -> service.containerCheck(found).patience(patience(found)))
                .orElse(service);
        if (checked.probe().isPresent()) {
            return checked;
        }
        boolean isOff =
                written.map(one -> one.has("test") || one.flag("disable")).orElse(false);
        return check.map(found -> checked.probe(new Probe.Command(command(found))))
                .or(() -> inferred(checked))
                .or(() -> isOff ? Optional.empty() : Optional.of(checked.probe(OF_IMAGE)))
                .orElse(checked);
    }

    private Optional<ContainerCheck> check(Part check) {
        List<String> test = check.texts("test");
        if (!check.has("test")) {
            findings.warning(
                    check.place(),
                    "a health check without 'test' has no effect: that of the image stays as it is.",
                    "");
            return Optional.empty();
        }
        String kind = test.isEmpty() ? "" : test.get(0);
        boolean isLine = test.size() == 1 && !kind.equals("NONE");
        if (isLine) {
            return Optional.of(paced(check, List.of(kind)));
        }
        List<String> words = test.subList(Math.min(1, test.size()), test.size());
        return switch (kind) {
            case "NONE" -> Optional.empty();
            case "CMD" -> Optional.of(paced(check, words));
            case "CMD-SHELL" -> Optional.of(paced(check, List.of(String.join(" ", words))));
            default -> {
                findings.error(
                        check.place("test"),
                        "a 'test' begins with CMD, CMD-SHELL or NONE, and this one with '" + kind + "'.",
                        "Write [\"CMD\", ...], or a text for a shell.");
                yield Optional.empty();
            }
        };
    }

    private static ContainerCheck paced(Part check, List<String> command) {
        return new ContainerCheck(
                command,
                check.duration("interval").orElse(USUAL),
                check.duration("timeout").orElse(USUAL),
                check.number("retries", 1, 10_000).orElse(USUAL_RETRIES),
                check.duration("start_period").orElse(Duration.ZERO));
    }

    /** The engine would not call it unhealthy before this. */
    private static Duration patience(ContainerCheck check) {
        Duration tried = check.interval().plus(check.timeout()).multipliedBy(check.retries());
        Duration longest = check.startPeriod().plus(tried);
        return longest.compareTo(Probe.PATIENCE) > 0 ? longest : Probe.PATIENCE;
    }

    private static List<String> command(ContainerCheck check) {
        return check.command().size() == 1
                ? List.of("/bin/sh", "-c", check.command().get(0))
                : check.command();
    }

    private static Optional<Service> inferred(Service service) {
        return service.endpoints().stream()
                .filter(endpoint -> !(endpoint.publication() instanceof Endpoint.Hidden))
                .findFirst()
                .map(endpoint -> service.probe(new Probe.Inferred(endpoint.name())));
    }
}
