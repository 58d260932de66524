package dev.withstack.core.driver.container;

import dev.withstack.core.health.Answer;
import dev.withstack.core.health.ProbeTarget;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A service that runs elsewhere, as probes ask it. */
record ExternalTarget(Service service, Source.External source) implements ProbeTarget {

    @Override
    public HostAndPort address(String endpoint) {
        return source.address(service.endpoints().indexOf(service.endpoint(endpoint)));
    }

    @Override
    public Answer run(List<String> command, Duration timeout) throws IOException {
        throw new IOException("it runs elsewhere, where no command can be run from here");
    }

    @Override
    public Answer askItself() throws IOException {
        throw new IOException("it runs elsewhere, and has no wait strategy of its own");
    }

    /** What runs elsewhere counts as having run for long. */
    @Override
    public Duration uptime() {
        return Duration.ofDays(1);
    }
}
