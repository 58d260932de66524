package dev.withstack.core.driver.process;

import dev.withstack.core.health.Answer;
import dev.withstack.core.health.ProbeTarget;
import dev.withstack.core.health.Prober;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the launcher that keeps a process goes on asking it whether it is well, as an engine does with its containers.
 *
 * @param port of the host
 */
record HealthAsk(int port, Probe.Http probe) implements ProbeTarget {

    /** Return how to ask the service; empty where it has no probe by HTTP. */
    static Optional<HealthAsk> of(Service service, java.util.function.ToIntFunction<String> ports) {
        return service.probe()
                .filter(Probe.Http.class::isInstance)
                .map(Probe.Http.class::cast)
                .map(http -> new HealthAsk(ports.applyAsInt(http.endpoint()), http));
    }

    Answer ask() throws InterruptedException {
        Service asked = Service.process("asked", "").probe(probe);
        return new Prober((service, endpoint) -> address(endpoint)).ask(asked, this);
    }

    void write(Fields fields) {
        fields.put("health.port", port).put("health.path", probe.path()).put("health.status", probe.status());
        probe.json().ifPresent(json -> fields.put("health.field", json.name()).put("health.value", json.value()));
        probe.contains().ifPresent(text -> fields.put("health.contains", text));
    }

    static Optional<HealthAsk> read(Fields fields) {
        if (fields.text("health.path").isEmpty()) {
            return Optional.empty();
        }
        String field = fields.text("health.field");
        String contains = fields.text("health.contains");
        return Optional.of(new HealthAsk(
                fields.number("health.port"),
                new Probe.Http(
                        "",
                        fields.text("health.path"),
                        fields.number("health.status"),
                        field.isEmpty()
                                ? Optional.empty()
                                : Optional.of(new Probe.JsonField(field, fields.text("health.value"))),
                        contains.isEmpty() ? Optional.empty() : Optional.of(contains))));
    }

    @Override
    public HostAndPort address(String endpoint) {
        return new HostAndPort("127.0.0.1", port);
    }

    @Override
    public Answer run(List<String> command, Duration timeout) throws IOException {
        throw new IOException("it is asked by HTTP");
    }

    @Override
    public Answer askItself() throws IOException {
        throw new IOException("it is asked by HTTP");
    }

    @Override
    public Duration uptime() {
        return Duration.ZERO;
    }
}
