package dev.withstack.core.driver.process;

import dev.withstack.core.health.Answer;
import dev.withstack.core.health.ProbeTarget;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Service;
import dev.withstack.core.plan.Observed;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A process of this host, as probes ask it.
 *
 * @param record returns what is known of it now
 * @param commands runs a command where the process runs, with its environment
 */
record ProcessTarget(Service service, Supplier<Optional<ProcessRecord>> record, Commands commands, Clock clock)
        implements ProbeTarget {

    /** Runs commands of a process. */
    @FunctionalInterface
    interface Commands {
        HostCommand.Outcome run(List<String> command, Duration longest) throws InterruptedException;
    }

    @Override
    public HostAndPort address(String endpoint) throws IOException {
        int inside = service.endpoint(endpoint).port();
        return new HostAndPort(Endpoint.LOOPBACK, running().hostPorts().getOrDefault(inside, inside));
    }

    @Override
    public Answer run(List<String> command, Duration timeout) throws InterruptedException {
        HostCommand.Outcome outcome = commands.run(command, timeout);
        return outcome.isGood()
                ? Answer.READY
                : new Answer.NotReady("'" + String.join(" ", command) + "' ended with exit code " + outcome.exitCode()
                        + (outcome.lastLine().isEmpty() ? "" : ": " + outcome.lastLine()));
    }

    @Override
    public Answer askItself() throws IOException {
        throw new IOException("a process has no wait strategy of its own");
    }

    @Override
    public Duration uptime() throws IOException {
        return running()
                .changedAt()
                .map(at -> Duration.between(at, clock.instant()))
                .orElse(Duration.ZERO);
    }

    private ProcessRecord running() throws IOException {
        ProcessRecord known = record.get().orElseThrow(() -> new IOException("it has no process"));
        if (known.state() != Observed.State.RUNNING) {
            throw new IOException("its process is not running: "
                    + known.state().name().toLowerCase(Locale.ROOT)
                    + (known.state() == Observed.State.EXITED ? " with code " + known.exitCode() : ""));
        }
        return known;
    }
}
