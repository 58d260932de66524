package dev.withstack.core.data;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.Data;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.io.IOException;
import java.util.Optional;

/**
 * A part of one running server that is somebody's own, beside what the server holds and beside other parts: a database, a
 * numbered database of keys, the buckets or collections whose names begin alike. Used by one thread at a time.
 */
public interface DataPart {

    /** Make it, with a copy of what the server holds; what bears its name is written over. */
    void make() throws IOException, InterruptedException;

    /** Return how the part is used, made from how the server is. */
    ServiceConnection within(ServiceConnection server);

    /** Return how the part alone is put back. */
    DataReset reset();

    /** Remove it with its data. */
    void remove() throws IOException;

    /**
     * Return a part of the service; empty if it is of no kind that can be divided.
     *
     * @param number from 1 on, which no other part of the server has meanwhile
     */
    static Optional<DataPart> of(Driver driver, StackDefinition definition, Service service, int number) {
        return service.data().map(data -> of(new Servers(driver, definition, service), data, number));
    }

    private static DataPart of(Servers servers, Data data, int number) {
        if (data instanceof Data.Postgres postgres) {
            return new PostgresPart(servers.postgres(postgres), servers.text(postgres.database()), number);
        } else if (data instanceof Data.Redis) {
            return new RedisPart(servers.whereabouts(), number);
        } else if (data instanceof Data.Objects objects) {
            return new ObjectsPart(servers.objects(objects), number);
        }
        return new VectorsPart(servers.vectors(), number);
    }
}
