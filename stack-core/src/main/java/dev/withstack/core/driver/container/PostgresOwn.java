package dev.withstack.core.driver.container;

import dev.withstack.core.health.Answer;
import dev.withstack.core.health.ProbeTarget;
import dev.withstack.core.health.Prober;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.LogMessageWaitStrategy;
import org.testcontainers.containers.wait.strategy.WaitStrategy;

/**
 * Finds out whether a {@code PostgreSQLContainer} is ready by logging in. Its own strategy waits for a line of the log to
 * come twice, which it never does on a volume that has been used before, nor from images that set it up in one go.
 */
final class PostgresOwn implements ProbeTarget {
    private static final String TYPE = "PostgreSQLContainer";
    private static final int PORT = 5432;

    private final GenericContainer<?> container;
    private final Service service;

    private PostgresOwn(GenericContainer<?> container, Service service) {
        this.container = container;
        this.service = service;
    }

    /** Return the question for the container, if it is a PostgreSQL that still has the strategy it came with. */
    static Optional<PostgresOwn> of(GenericContainer<?> container, @Nullable WaitStrategy own) {
        Optional<String> user = Innards.setting(container, "getUsername");
        Optional<String> password = Innards.setting(container, "getPassword");
        Optional<String> database = Innards.setting(container, "getDatabaseName");
        boolean isMeant = isPostgres(container.getClass()) && own instanceof LogMessageWaitStrategy;
        if (!isMeant || user.isEmpty() || password.isEmpty() || database.isEmpty()) {
            return Optional.empty();
        }
        Service service = Service.image("postgres", "postgres")
                .port("postgres", PORT)
                .probe(new Probe.PostgresLogin(
                        "", Value.text(user.get()), Value.secret(password.get()), database.get()));
        return Optional.of(new PostgresOwn(container, service));
    }

    Answer ask() throws InterruptedException {
        return new Prober((name, endpoint) -> new HostAndPort(name, PORT)).ask(service, this);
    }

    @Override
    public HostAndPort address(String endpoint) {
        return new HostAndPort(container.getHost(), container.getMappedPort(PORT));
    }

    @Override
    public Answer run(List<String> command, Duration timeout) throws IOException {
        throw new IOException("no command is needed to log in");
    }

    @Override
    public Answer askItself() {
        return Answer.READY;
    }

    @Override
    public Duration uptime() {
        return Duration.ZERO;
    }

    private static boolean isPostgres(Class<?> type) {
        for (Class<?> one = type; one != null; one = one.getSuperclass()) {
            if (one.getSimpleName().equals(TYPE) && one.getName().startsWith("org.testcontainers.")) {
                return true;
            }
        }
        return false;
    }
}
