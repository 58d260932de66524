package dev.withstack.core.driver.container;

import dev.withstack.core.docker.ContainerDetails;
import dev.withstack.core.docker.ContainerState;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.EngineException;
import dev.withstack.core.docker.ExecCommand;
import dev.withstack.core.docker.ExecResult;
import dev.withstack.core.docker.NotFoundException;
import dev.withstack.core.health.Answer;
import dev.withstack.core.health.ProbeTarget;
import dev.withstack.core.health.Prober;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.NetworkAddresses;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A service in a container, as probes ask it. Remembers where it was found until a question fails. */
final class ContainerTarget implements ProbeTarget {
    private final DockerEngine engine;
    private final StackDefinition definition;
    private final Service service;
    private final Reach reach;
    private final ProvidedContainers provided;
    private volatile @Nullable ContainerDetails found;

    ContainerTarget(
            DockerEngine engine,
            StackDefinition definition,
            Service service,
            Reach reach,
            ProvidedContainers provided) {
        this.engine = engine;
        this.definition = definition;
        this.service = service;
        this.reach = reach;
        this.provided = provided;
    }

    @Override
    public HostAndPort address(String endpoint) throws IOException {
        return reach.address(running(), service.endpoint(endpoint));
    }

    @Override
    public Answer run(List<String> command, Duration timeout) throws IOException {
        try {
            ExecResult result = engine.containers()
                    .exec(running().id(), ExecCommand.of(command).timeout(timeout));
            String said = (result.stderr() + result.stdout()).strip();
            return result.exitCode() == 0
                    ? Answer.READY
                    : new Answer.NotReady("'" + String.join(" ", command) + "' ended with exit code "
                            + result.exitCode() + (said.isEmpty() ? "" : ": " + said));
        } catch (EngineException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public Answer askItself() throws IOException, InterruptedException {
        running();
        Answer own = provided.ask(definition.id(), service.name()).orElse(Answer.READY);
        return own instanceof Answer.Ready ? allListen() : own;
    }

    /** Wait strategies may call a server ready that never listens, or that did so in an earlier run only. */
    private Answer allListen() throws InterruptedException {
        Prober prober = new Prober(new NetworkAddresses(definition));
        for (Endpoint endpoint : service.endpoints()) {
            Answer answer = prober.ask(service.probe(new Probe.Tcp(endpoint.name())), this);
            if (!(answer instanceof Answer.Ready)) {
                return new Answer.NotReady("its endpoint '" + endpoint.name() + "' does not listen: " + answer.text());
            }
        }
        return Answer.READY;
    }

    @Override
    public Answer askForCompletion() throws IOException {
        ContainerDetails.State state = inspect().state();
        if (state.state() != ContainerState.EXITED) {
            return new Answer.NotReady("it has not ended yet");
        }
        return state.exitCode() == 0
                ? Answer.READY
                : new Answer.NotReady("it ended with exit code " + state.exitCode());
    }

    @Override
    public Duration uptime() throws IOException {
        found = null;
        return running()
                .state()
                .startedAt()
                .map(at -> Duration.between(at, Instant.now()))
                .orElse(Duration.ZERO);
    }

    private ContainerDetails running() throws IOException {
        ContainerDetails known = found;
        if (known != null) {
            return known;
        }
        ContainerDetails container = inspect();
        ContainerState state = container.state().state();
        if (state != ContainerState.RUNNING) {
            throw new IOException(
                    "its container is not running: " + state.name().toLowerCase(java.util.Locale.ROOT)
                            + (state == ContainerState.EXITED
                                    ? " with code " + container.state().exitCode()
                                    : ""));
        }
        found = container;
        return container;
    }

    private ContainerDetails inspect() throws IOException {
        try {
            return engine.containers().inspect(definition.id().containerName(service.name()));
        } catch (NotFoundException e) {
            throw new IOException("it has no container", e);
        } catch (EngineException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
