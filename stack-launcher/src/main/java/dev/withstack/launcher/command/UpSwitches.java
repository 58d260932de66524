package dev.withstack.launcher.command;

import dev.withstack.core.engine.UpOptions;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.RestartPolicy;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.HostAddresses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of the commands that bring a stack up. Filled in by picocli. */
final class UpSwitches {
    private static final Duration PATIENCE_WITH_WHAT_RUNS = Duration.ofSeconds(10);

    @Option(names = "--infra", description = "only the infrastructure: the servers that the application stands on")
    boolean infra;

    @Option(
            names = "--only",
            paramLabel = "SERVICE",
            split = ",",
            description = "this service alone; what it needs is checked, not started")
    List<String> only = new ArrayList<>();

    @Option(names = "--auto-ports", description = "take the next free port where one is taken, and remember it")
    boolean autoPorts;

    @Option(names = "--keep", description = "when a service fails, keep what was begun for a look")
    boolean keep;

    @Option(names = "--adopt", description = "use volumes that withstack did not make")
    boolean adopt;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationWord.class,
            description = "give up on a service that is not ready after this, such as 90s")
    Optional<Duration> timeout = Optional.empty();

    @Option(
            names = "--skip-docker",
            description = "use the servers that run on this host already, and start no container")
    boolean skipDocker;

    @Option(
            names = "--restart",
            description = "start a process of this host again when it dies, rather than end with it")
    boolean restart;

    @Option(names = "--api-only", description = "the same as --only rest-api")
    boolean apiOnly;

    @Option(names = "--ws-only", description = "the same as --only ws-gateway")
    boolean gatewayOnly;

    /** Return the services that are to be started alone. */
    List<String> only() {
        List<String> names = new ArrayList<>(only);
        if (apiOnly) {
            names.add("rest-api");
        }
        if (gatewayOnly) {
            names.add("ws-gateway");
        }
        return names;
    }

    /** Return the stack as it is to be run by these switches. */
    StackDefinition applied(StackDefinition definition) {
        return definition.map(service -> restarted(here(service, definition)));
    }

    private Service restarted(Service service) {
        return restart && service.source() instanceof Source.Process
                ? service.restart(RestartPolicy.UNLESS_STOPPED)
                : service;
    }

    private Service here(Service service, StackDefinition definition) {
        boolean isContainer =
                !(service.source() instanceof Source.Process || service.source() instanceof Source.External);
        if (!skipDocker || !isContainer || service.endpoints().isEmpty()) {
            return service;
        }
        HostAddresses addresses = new HostAddresses(definition);
        HostAndPort[] here = service.endpoints().stream()
                .map(endpoint -> addresses.find(service.name(), endpoint.name()))
                .toArray(HostAndPort[]::new);
        return service.external(here).patience(PATIENCE_WITH_WHAT_RUNS);
    }

    @Option(names = "--build", description = "build the images again, also of a source that has not changed")
    boolean build;

    UpOptions options() {
        UpOptions options = UpOptions.DEFAULT;
        options = autoPorts ? options.ports(UpOptions.Ports.NEXT_FREE) : options;
        options = keep ? options.onFailure(UpOptions.OnFailure.KEEP) : options;
        options = adopt ? options.volumes(UpOptions.Volumes.ADOPTED) : options;
        options = build ? options.builds(UpOptions.Builds.EVERYTHING) : options;
        return timeout.isPresent() ? options.patience(timeout.get()) : options;
    }
}
