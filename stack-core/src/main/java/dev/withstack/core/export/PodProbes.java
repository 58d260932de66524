package dev.withstack.core.export;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a cluster finds out that a service is up, ready and alive: by its check inside the container, or from outside. */
record PodProbes(Service service) {
    private static final int START_PACE = 2;

    /** Return the probes by their keys; none for a service of which nothing is known. */
    Map<String, Object> probes() {
        Map<String, Object> probes = new LinkedHashMap<>();
        action().ifPresent(action -> {
            ContainerCheck pace = service.containerCheck().orElseGet(() -> ContainerCheck.of("true"));
            long tries = Math.max(30, service.patience().toSeconds() / START_PACE);
            probes.put("startupProbe", probe(action, Duration.ofSeconds(START_PACE), pace.timeout(), tries));
            probes.put("readinessProbe", probe(action, pace.interval(), pace.timeout(), pace.retries()));
            probes.put("livenessProbe", probe(action, pace.interval(), pace.timeout(), pace.retries()));
        });
        return probes;
    }

    private Optional<Map<String, Object>> action() {
        Optional<Probe> probe = service.probe();
        if (probe.orElse(null) instanceof Probe.Http http) {
            return Optional.of(Trees.mapOf(
                    "httpGet",
                    Trees.mapOf(
                            "path",
                            http.path(),
                            "port",
                            service.endpoint(http.endpoint()).port())));
        }
        Optional<Map<String, Object>> inside = service.containerCheck().map(check -> exec(check.command()));
        if (inside.isPresent() || probe.isEmpty()) {
            return inside;
        }
        return outside(probe.get());
    }

    private Optional<Map<String, Object>> outside(Probe probe) {
        if (probe instanceof Probe.Command command) {
            return Optional.of(exec(command.command()));
        } else if (probe instanceof Probe.Completion
                || probe instanceof Probe.ItsOwn
                || probe instanceof Probe.OfImage) {
            return Optional.empty();
        }
        return service.endpoints().stream()
                .findFirst()
                .map(endpoint -> Trees.mapOf("tcpSocket", Trees.mapOf("port", endpoint.port())));
    }

    private static Map<String, Object> exec(List<String> command) {
        return Trees.mapOf(
                "exec",
                Trees.mapOf("command", command.size() == 1 ? List.of("/bin/sh", "-c", command.get(0)) : command));
    }

    private static Map<String, Object> probe(
            Map<String, Object> action, Duration pace, Duration timeout, long failures) {
        Map<String, Object> probe = new LinkedHashMap<>(action);
        probe.put("periodSeconds", Math.max(1, pace.toSeconds()));
        probe.put("timeoutSeconds", Math.max(1, timeout.toSeconds()));
        probe.put("failureThreshold", Math.max(1, failures));
        return probe;
    }
}
