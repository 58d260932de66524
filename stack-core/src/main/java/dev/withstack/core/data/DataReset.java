package dev.withstack.core.data;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.Data;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.io.IOException;
import java.util.Optional;

/** Puts the data of one running service back to what it was. Used by one thread at a time, and closed when it is no longer. */
public interface DataReset extends AutoCloseable {

    /** Take the data as it is now for what it is put back to. */
    void remember() throws IOException, InterruptedException;

    /** Put the data back to what was remembered last. */
    void reset() throws IOException, InterruptedException;

    /** Let go of connections to the server, if there are any. What was remembered stays so. */
    @Override
    default void close() {}

    /** Return how the service's data is put back; empty if it is of no kind that we know. */
    static Optional<DataReset> of(Driver driver, StackDefinition definition, Service service) {
        return service.data().map(data -> of(new Servers(driver, definition, service), data));
    }

    private static DataReset of(Servers servers, Data data) {
        if (data instanceof Data.Postgres postgres) {
            return new PostgresReset(servers.postgres(postgres));
        } else if (data instanceof Data.Redis) {
            return new RedisReset(servers.whereabouts());
        } else if (data instanceof Data.Objects objects) {
            return new ObjectsReset(servers.objects(objects), "");
        }
        return new VectorsReset(servers.vectors(), "");
    }
}
