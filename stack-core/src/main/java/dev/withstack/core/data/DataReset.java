package dev.withstack.core.data;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.Data;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.core.plan.NetworkAddresses;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;

/** Puts the data of one running service back to what it was. Used by one thread at a time. */
public interface DataReset {

    /** Take the data as it is now for what it is put back to. */
    void remember() throws IOException, InterruptedException;

    /** Put the data back to what was remembered last. */
    void reset() throws IOException, InterruptedException;

    /** Return how the service's data is put back; empty if it is of no kind that we know. */
    static Optional<DataReset> of(Driver driver, StackDefinition definition, Service service) {
        return service.data().map(data -> of(driver, definition, service, data));
    }

    private static DataReset of(Driver driver, StackDefinition definition, Service service, Data data) {
        Whereabouts server = () ->
                driver.target(definition, service).address(service.endpoint("").name());
        if (data instanceof Data.Postgres postgres) {
            return new PostgresReset(new PostgresServer(
                    server,
                    text(postgres.user(), definition),
                    text(postgres.password(), definition),
                    command -> driver.exec(definition.id(), service.name(), command, PostgresServer.LONGEST)));
        }
        if (data instanceof Data.Objects objects) {
            String accessKey = text(objects.accessKey(), definition);
            String secretKey = text(objects.secretKey(), definition);
            return new ObjectsReset(() -> new S3(server.now(), accessKey, secretKey, Clock.systemUTC()));
        }
        return data instanceof Data.Redis ? new RedisReset(server) : new VectorsReset(() -> new Qdrant(server.now()));
    }

    private static String text(Value value, StackDefinition definition) {
        return value.resolve(new NetworkAddresses(definition));
    }
}
