package dev.withstack.core.plan;

import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;

/**
 * The addresses as a process of this host sees them, as far as the definition tells: a port that is yet to be chosen is
 * that inside.
 */
public record HostAddresses(StackDefinition definition) implements AddressBook {

    /** Return the addresses as the service sees them: a process those of the host, a container those of the network. */
    public static AddressBook seenBy(Service service, StackDefinition definition) {
        return service.source() instanceof Source.Process
                ? new HostAddresses(definition)
                : new NetworkAddresses(definition);
    }

    @Override
    public HostAndPort find(String serviceName, String endpointName) {
        Service service = definition.owner(serviceName).service(serviceName);
        Endpoint endpoint = service.endpoint(endpointName);
        if (service.source() instanceof Source.External external) {
            return external.address(service.endpoints().indexOf(endpoint));
        }
        return endpoint.publication() instanceof Endpoint.Fixed fixed
                ? new HostAndPort(Endpoint.LOOPBACK, fixed.hostPort())
                : new HostAndPort(Endpoint.LOOPBACK, endpoint.port());
    }
}
