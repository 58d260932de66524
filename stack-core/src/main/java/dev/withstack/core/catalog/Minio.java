package dev.withstack.core.catalog;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Data;
import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Problem;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;
import java.time.Duration;
import java.util.Optional;

/** A MinIO object store. Immutable. */
public final class Minio implements Declared<Minio> {
    private static final String PASSWORD = "MINIO_ROOT_PASSWORD";
    /** What the image itself takes, as user and as password. */
    private static final String UNSET = "minioadmin";

    private static final int SHORTEST_PASSWORD = 8;

    private final Service service;

    private Minio(Service service) {
        this.service = service;
    }

    /** Declare a MinIO with its S3 API on port 9000 and its console on 9001, which keeps its objects in {@code /data}. */
    public static Minio service(String name) {
        return new Minio(Service.image(name, "minio/minio")
                .port("s3", 9000)
                .port("console", 9001)
                .family("minio")
                .holds(new Data.Objects(Value.text(UNSET), Value.secret(UNSET)))
                .usualBoot(Duration.ofSeconds(2))
                .command("server", "/data", "--console-address", ":9001")
                .probe(Probe.http("/minio/health/live"))
                .containerCheck(ContainerCheck.of("curl -fsS -o /dev/null http://127.0.0.1:9000/minio/health/live"))
                .page("console", "/")
                .rule(Minio::refusesPassword));
    }

    private static Optional<Problem> refusesPassword(Service service) {
        return Optional.ofNullable(service.environment().get(PASSWORD))
                .flatMap(Value::literal)
                .filter(password -> password.length() < SHORTEST_PASSWORD)
                .map(password -> new Problem(
                        service.name(),
                        "its password has " + password.length() + " characters, and MinIO takes none under "
                                + SHORTEST_PASSWORD + ".",
                        "Give " + PASSWORD + " " + SHORTEST_PASSWORD + " characters or more."));
    }

    /** Let this user in, as the one who may do everything. */
    public Minio credentials(String user, Value password) {
        return env("MINIO_ROOT_USER", user).env(PASSWORD, password).holds(new Data.Objects(Value.text(user), password));
    }

    /** Keep the objects in a volume. */
    public Minio data(String volume) {
        return volume(volume, "/data");
    }

    /** Return the URL of the S3 API. */
    public Value url() {
        return url("http", "s3");
    }

    @Override
    public Service service() {
        return service;
    }

    @Override
    public Minio with(Service changed) {
        return new Minio(changed);
    }
}
