package dev.withstack.core.data;

import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.Data;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Service;
import java.util.Optional;

/** What a client needs to use the data of a service, as this host reaches it. Secrets are masked when it is printed. */
public sealed interface ServiceConnection permits PostgresConnection, RedisConnection, S3Connection, QdrantConnection {

    /** Return the connection that fits what the service holds; empty if it holds nothing that we know how to use. */
    static Optional<ServiceConnection> to(Service service, AddressBook addresses) {
        return service.data().map(data -> to(service, data, addresses));
    }

    /** Return which of these fits what the service holds, wherever it is; empty if none does. */
    static Optional<Class<? extends ServiceConnection>> kindFor(Service service) {
        return service.data().map(ServiceConnection::kindFor);
    }

    private static Class<? extends ServiceConnection> kindFor(Data data) {
        if (data instanceof Data.Postgres) {
            return PostgresConnection.class;
        } else if (data instanceof Data.Redis) {
            return RedisConnection.class;
        }
        return data instanceof Data.Objects ? S3Connection.class : QdrantConnection.class;
    }

    private static ServiceConnection to(Service service, Data data, AddressBook addresses) {
        if (data instanceof Data.Postgres postgres) {
            return new PostgresConnection(
                    first(service, addresses),
                    postgres.user().resolve(addresses),
                    postgres.password().resolve(addresses),
                    postgres.database().resolve(addresses));
        } else if (data instanceof Data.Redis) {
            return new RedisConnection(first(service, addresses), 0);
        } else if (data instanceof Data.Objects objects) {
            return new S3Connection(
                    first(service, addresses),
                    objects.accessKey().resolve(addresses),
                    objects.secretKey().resolve(addresses),
                    "");
        }
        return new QdrantConnection(first(service, addresses), "");
    }

    private static HostAndPort first(Service service, AddressBook addresses) {
        Endpoint endpoint = service.endpoint("");
        return addresses.find(service.name(), endpoint.name());
    }
}
