package dev.withstack.core.data;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.Data;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.core.plan.NetworkAddresses;
import java.time.Clock;

/** The ways to talk to the server of one service, each looking anew where it is. */
record Servers(Driver driver, StackDefinition definition, Service service) {

    Whereabouts whereabouts() {
        return () ->
                driver.target(definition, service).address(service.endpoint("").name());
    }

    PostgresServer postgres(Data.Postgres data) {
        return new PostgresServer(
                whereabouts(),
                text(data.user()),
                text(data.password()),
                command -> driver.exec(definition.id(), service.name(), command, PostgresServer.LONGEST));
    }

    ObjectsReset.Server objects(Data.Objects data) {
        String accessKey = text(data.accessKey());
        String secretKey = text(data.secretKey());
        return () -> new S3(whereabouts().now(), accessKey, secretKey, Clock.systemUTC());
    }

    VectorsReset.Server vectors() {
        return () -> new Qdrant(whereabouts().now());
    }

    String text(Value value) {
        return value.resolve(new NetworkAddresses(definition));
    }
}
