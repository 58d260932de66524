package dev.withstack.core.driver.container;

import dev.withstack.core.docker.ContainerDetails;
import dev.withstack.core.docker.ContainerState;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.driver.Driver.Disturbance;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.util.Map;

/** Does to a container what goes wrong in production, and undoes it. Doing it twice is as doing it once. */
final class Disturbances {
    private final DockerEngine engine;

    Disturbances(DockerEngine engine) {
        this.engine = engine;
    }

    void disturb(StackDefinition definition, Service service, Disturbance disturbance) {
        String name = definition.id().containerName(service.name());
        ContainerDetails container = engine.containers().inspect(name);
        switch (disturbance) {
            case KILL -> kill(container);
            case PAUSE -> pause(container);
            case RESUME -> resume(container);
            case DISCONNECT ->
                container.networks().forEach(network -> engine.networks().disconnect(network.network(), name));
            case CONNECT -> {
                Service coloured =
                        service.coloured(Labels.colour(container.config().labels()));
                connect(container, Outfit.networks(definition, coloured));
            }
        }
    }

    private void kill(ContainerDetails container) {
        resume(container);
        ContainerState state = container.state().state();
        if (state == ContainerState.RUNNING || state == ContainerState.PAUSED) {
            engine.containers().kill(container.id(), "SIGKILL");
        }
    }

    private void pause(ContainerDetails container) {
        if (container.state().state() != ContainerState.PAUSED) {
            engine.containers().pause(container.id());
        }
    }

    private void resume(ContainerDetails container) {
        if (container.state().state() == ContainerState.PAUSED) {
            engine.containers().unpause(container.id());
        }
    }

    private void connect(ContainerDetails container, Map<String, Map<String, Object>> networks) {
        networks.forEach((network, endpoint) -> {
            if (container.networks().stream()
                    .noneMatch(attached -> attached.network().equals(network))) {
                engine.networks().connect(network, container.id(), endpoint);
            }
        });
    }
}
