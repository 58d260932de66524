package dev.withstack.core.driver.container;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What becomes of a stack where the engine is not on this host: what is meant for this host has to be reached over the
 * network, and what this host has can't be seen from there.
 */
final class OnAnotherHost {
    private static final String EVERY_ADDRESS = "0.0.0.0";

    private OnAnotherHost() {}

    /** What a person should know of it. */
    static String caveat(String host) {
        return "The engine is on another host, " + host
                + ": ports that are for this host alone are published on all of its"
                + " addresses; of the project's directories it gets copies, and what services write into them stays there.";
    }

    static StackDefinition adapt(StackDefinition definition) {
        return definition.map(service -> service.source() instanceof Source.External
                ? service
                : withinReach(adapt(service), definition.environment()));
    }

    private static Service adapt(Service service) {
        Service adapted = service.files(
                service.files().stream().flatMap(OnAnotherHost::copied).toList());
        for (Endpoint endpoint : service.endpoints()) {
            adapted = adapted.published(endpoint.name(), published(endpoint.publication()));
        }
        return adapted;
    }

    private static Stream<FileMount> copied(FileMount file) {
        if (file instanceof FileMount.Bound bound) {
            return bound.access() == FileMount.Access.OUTPUT
                    ? Stream.empty()
                    : Stream.of(new FileMount.FromProject(bound.source(), bound.path(), List.of()));
        }
        return Stream.of(file);
    }

    private static Endpoint.Publication published(Endpoint.Publication publication) {
        if (publication instanceof Endpoint.Fixed fixed && fixed.bindAddress().equals(Endpoint.LOOPBACK)) {
            return new Endpoint.Fixed(EVERY_ADDRESS, fixed.hostPort());
        }
        if (publication instanceof Endpoint.AnyFree free && free.bindAddress().equals(Endpoint.LOOPBACK)) {
            return new Endpoint.AnyFree(EVERY_ADDRESS);
        }
        return publication;
    }

    /**
     * A port that is not published can't be asked from here. Its server is asked inside its container, where the service
     * says how; else the port is published, but not that of a release.
     */
    private static Service withinReach(Service service, Environment environment) {
        Optional<Endpoint> hidden = service.probe()
                .filter(Probe.OfEndpoint.class::isInstance)
                .map(probe -> service.endpoint(((Probe.OfEndpoint) probe).endpoint()))
                .filter(endpoint -> endpoint.publication() instanceof Endpoint.Hidden);
        if (hidden.isEmpty()) {
            return service;
        }
        if (service.containerCheck().isPresent()) {
            return service.probe(Probe.command(words(service.containerCheck().get())));
        }
        return environment.isRelease()
                ? service
                : service.published(hidden.get().name(), new Endpoint.AnyFree(EVERY_ADDRESS));
    }

    private static String[] words(ContainerCheck check) {
        List<String> words = new ArrayList<>(check.command());
        if (words.size() == 1) {
            words.addAll(0, List.of("sh", "-c"));
        }
        return words.toArray(String[]::new);
    }
}
