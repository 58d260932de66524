package dev.withstack.core.health;

import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Reaches a service the way a user of this host does: by its published ports, and by no shorter way. */
public final class HostTarget implements ProbeTarget {
    private final ProbeTarget target;
    private final Service service;
    private final AddressBook hosts;

    public HostTarget(ProbeTarget target, Service service, AddressBook hosts) {
        this.target = target;
        this.service = service;
        this.hosts = hosts;
    }

    @Override
    public HostAndPort address(String endpoint) throws IOException {
        try {
            return hosts.find(service.name(), service.endpoint(endpoint).name());
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public Answer run(List<String> command, Duration timeout) throws IOException, InterruptedException {
        return target.run(command, timeout);
    }

    @Override
    public Answer askItself() throws IOException, InterruptedException {
        return target.askItself();
    }

    @Override
    public Answer askForCompletion() throws IOException {
        return target.askForCompletion();
    }

    @Override
    public Duration uptime() throws IOException {
        return target.uptime();
    }
}
