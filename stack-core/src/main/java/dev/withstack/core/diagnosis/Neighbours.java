package dev.withstack.core.diagnosis;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Observed;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Tries to reach a service by its name from another container of the stack, with what that container has at hand. */
final class Neighbours {
    private static final Duration TIMEOUT = Duration.ofSeconds(8);
    private static final int NOTHING_AT_HAND = 125;
    /** Connects to $0, port $1. Each way has its own limit, so that a silent network is told from a slow one. */
    static final String CONNECT =
            """
            if command -v bash >/dev/null 2>&1 && command -v timeout >/dev/null 2>&1; then
              exec timeout 5 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$0" "$1"
            elif command -v nc >/dev/null 2>&1; then
              # BusyBox is mostly built without -z
              case $(nc -h 2>&1) in
                *-z*) exec nc -z -w 5 "$0" "$1" ;;
                *) exec nc -w 5 "$0" "$1" -e true ;;
              esac
            elif command -v python3 >/dev/null 2>&1; then
              exec python3 -c 'import socket,sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)' "$0" "$1"
            fi
            exit 125
            """;

    private final Driver driver;
    private final StackDefinition definition;
    private final Observed observed;

    Neighbours(Driver driver, StackDefinition definition, Observed observed) {
        this.driver = driver;
        this.definition = definition;
        this.observed = observed;
    }

    /**
     * How a service was reached.
     *
     * @param from the neighbour that tried; empty if none could
     * @param failure why it did not succeed; empty if it did
     */
    record Reached(String from, String failure) {}

    Reached reach(Service service) throws InterruptedException {
        if (service.endpoints().isEmpty()) {
            return new Reached("", "");
        }
        Endpoint endpoint = service.endpoint("");
        for (String neighbour : candidates(service)) {
            try {
                Driver.ExecResult result = driver.exec(
                        definition.id(),
                        neighbour,
                        List.of("sh", "-c", CONNECT, service.name(), Integer.toString(endpoint.port())),
                        TIMEOUT);
                if (result.exitCode() == 0) {
                    return new Reached(neighbour, "");
                }
                if (result.exitCode() != NOTHING_AT_HAND && result.exitCode() < 126) {
                    String said = result.stderr().strip();
                    return new Reached(
                            neighbour,
                            said.isEmpty()
                                    ? "no connection"
                                    : said.lines().findFirst().orElse(""));
                }
            } catch (DriverException e) {
                // an image without a shell can't tell; the next one may
            }
        }
        return new Reached("", "");
    }

    /** Those that need the service know best whether they reach it. */
    private Set<String> candidates(Service service) {
        Set<String> names = new LinkedHashSet<>(definition.graph().dependentsOf(service.name()));
        names.addAll(definition.services().keySet());
        names.remove(service.name());
        List<String> networks = definition.networksOf(service);
        names.removeIf(name -> Collections.disjoint(definition.networksOf(definition.service(name)), networks));
        names.removeIf(name -> !observed.isRunning(name));
        return names;
    }
}
