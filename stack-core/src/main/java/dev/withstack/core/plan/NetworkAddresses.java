package dev.withstack.core.plan;

import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;

/** The addresses as a container of the stack sees them, those of its base too: a service's name and the port inside. */
public record NetworkAddresses(StackDefinition definition) implements AddressBook {

    @Override
    public HostAndPort find(String serviceName, String endpointName) {
        Service service = definition.owner(serviceName).service(serviceName);
        Endpoint endpoint = service.endpoint(endpointName);
        if (service.source() instanceof Source.External external) {
            return external.address(service.endpoints().indexOf(endpoint));
        }
        return new HostAndPort(serviceName, endpoint.port());
    }
}
