package dev.withstack.core.driver.container;

import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.EngineEvent;
import dev.withstack.core.docker.EventFilter;
import dev.withstack.core.docker.Follow;
import dev.withstack.core.docker.StreamEnd;
import dev.withstack.core.docker.StreamListener;
import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.Driver.Happening;
import dev.withstack.core.driver.Driver.Watch;
import dev.withstack.core.model.StackId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What the engine tells of a stack's containers, in the words of a driver. */
final class ContainerEvents {
    private final DockerEngine engine;

    ContainerEvents(DockerEngine engine) {
        this.engine = engine;
    }

    Watch watch(StackId id, Consumer<ContainerEvent> listener) {
        Follow follow = engine.events(filter(id), new StreamListener<>() {
            @Override
            public void next(EngineEvent event) {
                toContainerEvent(event).ifPresent(listener);
            }

            @Override
            public void ended(StreamEnd end) {
                if (end.reason() != StreamEnd.Reason.CLOSED) {
                    String reason = end.failure()
                            .map(failure -> String.valueOf(failure.getMessage()))
                            .orElse("the engine ended it");
                    listener.accept(new ContainerEvent.WatchLost("", "", reason));
                }
            }
        });
        return follow::close;
    }

    private static EventFilter filter(StackId id) {
        return EventFilter.labelled(Labels.filter(id))
                .types("container")
                .actions("start", "die", "oom", "destroy", "health_status", "pause", "unpause");
    }

    List<Happening> past(StackId id, Instant since) {
        return engine.pastEvents(filter(id).since(since)).stream()
                .flatMap(event ->
                        toContainerEvent(event).map(happened -> new Happening(event.time(), happened)).stream())
                .toList();
    }

    private static Optional<ContainerEvent> toContainerEvent(EngineEvent event) {
        String service = event.attributes().getOrDefault(Labels.SERVICE, "");
        return switch (event.action()) {
            case "start" -> Optional.of(new ContainerEvent.Started(service, event.id()));
            case "die" ->
                Optional.of(new ContainerEvent.Died(
                        service,
                        event.id(),
                        Integer.parseInt(event.attributes().getOrDefault("exitCode", "0")),
                        event.time()));
            case "oom" -> Optional.of(new ContainerEvent.OutOfMemory(service, event.id()));
            case "pause" -> Optional.of(new ContainerEvent.Paused(service, event.id()));
            case "unpause" -> Optional.of(new ContainerEvent.Resumed(service, event.id()));
            case "destroy" -> Optional.of(new ContainerEvent.Removed(service, event.id()));
            case "health_status" -> Optional.of(new ContainerEvent.HealthChanged(service, event.id(), event.detail()));
            default -> Optional.empty();
        };
    }
}
