package dev.withstack.core.driver.container;

import dev.withstack.core.docker.ContainerDetails;
import dev.withstack.core.docker.ContainerHealth;
import dev.withstack.core.docker.ContainerState;
import dev.withstack.core.docker.ContainerSummary;
import dev.withstack.core.docker.Containers;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.LabelFilter;
import dev.withstack.core.docker.NetworkAttachment;
import dev.withstack.core.docker.NetworkDetails;
import dev.withstack.core.docker.PublishedPort;
import dev.withstack.core.docker.VolumeDetails;
import dev.withstack.core.driver.container.ImageChooser.Before;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Lineup;
import dev.withstack.core.model.Network;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Fingerprint;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.InitialData;
import dev.withstack.core.plan.Observed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Takes the snapshots that plans are made from, in a handful of calls however many services there are. */
final class Observer {
    private final DockerEngine engine;
    private final ImageChooser chooser;
    private final ImageBuilder builder;
    private final PortWatch ports;
    private final ProvidedContainers provided;
    private final KeptData kept;

    Observer(
            DockerEngine engine,
            ImageChooser chooser,
            ImageBuilder builder,
            PortWatch ports,
            ProvidedContainers provided,
            KeptData kept) {
        this.engine = engine;
        this.chooser = chooser;
        this.builder = builder;
        this.ports = ports;
        this.provided = provided;
        this.kept = kept;
    }

    /** Look at what is there by labels alone. */
    Observed observe(StackId id) {
        List<ContainerSummary> own = engine.containers().list(Containers.Scope.ALL, Labels.filter(id));
        Map<String, String> networks = networks(id);
        Map<String, Observed.Volume> volumes = new LinkedHashMap<>();
        engine.volumes().list(Labels.filter(id)).forEach(volume -> volumes.put(volume.name(), volumeOf(volume)));
        return new Observed(
                containers(id, own, networks),
                byService(own, networks, container -> isAside(id, container)),
                byService(own, networks, container -> isKept(id, container)),
                Map.of(),
                networks.keySet(),
                volumes,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of());
    }

    /** Look at what is there, at the images that the services would run from, and at the host ports they want. */
    Observed observe(StackDefinition definition, Collection<String> services) {
        StackId id = definition.id();
        List<ContainerSummary> all = engine.containers().list(Containers.Scope.ALL, LabelFilter.none());
        List<ContainerSummary> own = all.stream()
                .filter(container -> Labels.belongTo(id, container.labels()))
                .toList();
        Map<String, String> changed = new LinkedHashMap<>();
        Map<String, String> networks = new TreeMap<>();
        for (NetworkDetails network : engine.networks().list(Labels.filter(id))) {
            networks.put(network.name(), network.id());
            NetworkSpec.change(definition, network).ifPresent(what -> changed.put(network.name(), what));
        }
        definition.declaredNetworks().stream()
                .filter(network -> network.kind() == Network.Kind.OUTSIDE)
                .flatMap(network -> engine.networks().find(network.nameIn(id)).stream())
                .forEach(network -> networks.put(network.name(), network.id()));
        Map<String, Observed.Container> containers = containers(id, own, networks);
        Map<String, Observed.Volume> volumes = volumes(definition);
        ImageStore store = new ImageStore(engine);
        Map<String, ImageUse> images = new LinkedHashMap<>();
        Map<Integer, String> owners = new LinkedHashMap<>();
        for (String name : services) {
            Service service = definition.service(name);
            images.put(name, image(definition, service, containers, volumes, store));
            for (Endpoint.Fixed wanted : wantedPorts(service, containers.get(name))) {
                if (!isGivenUp(wanted, definition, services, containers)) {
                    ports.owner(wanted, all).ifPresent(owner -> owners.put(wanted.hostPort(), owner));
                }
            }
        }
        return new Observed(
                containers,
                byService(own, networks, container -> isAside(id, container)),
                byService(own, networks, container -> isKept(id, container)),
                lineups(definition, containers),
                networks.keySet(),
                volumes,
                images,
                owners,
                Map.of(),
                initialData(definition, services, volumes, images),
                changed);
    }

    /** A volume that is there has begun long ago; under test it goes with its run, whoever has it. */
    private Map<String, InitialData> initialData(
            StackDefinition definition,
            Collection<String> services,
            Map<String, Observed.Volume> volumes,
            Map<String, ImageUse> images) {
        Map<String, InitialData> initial = new LinkedHashMap<>();
        for (String name : services) {
            Service service = definition.service(name);
            ImageUse image = images.get(name);
            Optional<String> volume = InitialData.volumeOf(definition, service);
            boolean isDeclared = !service.volumes().isEmpty();
            if (image != null && volume.isPresent() && !(isDeclared && volumes.containsKey(volume.get()))) {
                kept.look(definition, service, image).ifPresent(data -> initial.put(name, data));
            }
        }
        return initial;
    }

    private ImageUse image(
            StackDefinition definition,
            Service service,
            Map<String, Observed.Container> containers,
            Map<String, Observed.Volume> volumes,
            ImageStore store) {
        Source source = service.source();
        if (source instanceof Source.Build build) {
            return builder.use(definition, service, build, store);
        } else if (source instanceof Source.Provided made) {
            return provided.imageOf(service, made)
                    .map(reference -> chosen(reference, definition, service, containers, volumes, store))
                    .orElseGet(() -> new ImageUse(made.type(), made.type(), "", ImageUse.Standing.PROVIDED, "", ""));
        } else if (source instanceof Source.Image image) {
            return chosen(image.reference(), definition, service, containers, volumes, store);
        }
        return new ImageUse("external", "external", "", ImageUse.Standing.NONE, "", "");
    }

    private ImageUse chosen(
            String reference,
            StackDefinition definition,
            Service service,
            Map<String, Observed.Container> containers,
            Map<String, Observed.Volume> volumes,
            ImageStore store) {
        List<String> lineages = service.volumes().stream()
                .map(mount -> volumes.get(mount.nameIn(definition.id())))
                .filter(java.util.Objects::nonNull)
                .map(Observed.Volume::lineage)
                .toList();
        Before before = new Before(Optional.ofNullable(containers.get(service.name())), lineages);
        return chooser.choose(reference, service.family(), Optional.of(before), store);
    }

    /** Ports that the service's own container holds already, running or paused, are not asked for again. */
    private static List<Endpoint.Fixed> wantedPorts(
            Service service, Observed.@org.jspecify.annotations.Nullable Container container) {
        List<Endpoint.Fixed> wanted = new ArrayList<>();
        for (Endpoint endpoint : service.endpoints()) {
            boolean isHeld = container != null
                    && endpoint.publication() instanceof Endpoint.Fixed own
                    && Integer.valueOf(own.hostPort())
                            .equals(container.hostPorts().get(endpoint.port()));
            if (endpoint.publication() instanceof Endpoint.Fixed fixed && !isHeld) {
                wanted.add(fixed);
            }
        }
        return service.source() instanceof Source.External ? List.of() : wanted;
    }

    /** Tell whether the port is held by a service of the stack that, as it is defined now, no longer wants it. */
    private static boolean isGivenUp(
            Endpoint.Fixed wanted,
            StackDefinition definition,
            Collection<String> services,
            Map<String, Observed.Container> containers) {
        return containers.values().stream()
                .filter(container -> container.hostPorts().containsValue(wanted.hostPort()))
                .anyMatch(container -> services.contains(container.service())
                        && definition.service(container.service()).endpoints().stream()
                                .noneMatch(endpoint -> endpoint.publication() instanceof Endpoint.Fixed own
                                        && own.hostPort() == wanted.hostPort()));
    }

    private Map<String, Observed.Container> containers(
            StackId id, List<ContainerSummary> own, Map<String, String> networks) {
        return byService(own, networks, container -> !isAside(id, container) && !isKept(id, container));
    }

    private Map<String, Lineup> lineups(StackDefinition definition, Map<String, Observed.Container> containers) {
        Map<String, Lineup> lineups = new LinkedHashMap<>();
        for (Observed.Container container : containers.values()) {
            if (!definition.replicasBehind(container.service()).isEmpty()) {
                new EntryLink(engine, container.id())
                        .read(container.service())
                        .ifPresent(lineup -> lineups.put(container.service(), lineup));
            }
        }
        return lineups;
    }

    private static boolean isAside(StackId id, ContainerSummary container) {
        return container.name().equals(Labels.nameAside(id, serviceOf(container)));
    }

    private static boolean isKept(StackId id, ContainerSummary container) {
        return container.name().equals(Labels.nameKept(id, serviceOf(container)));
    }

    private Map<String, Observed.Container> byService(
            List<ContainerSummary> own, Map<String, String> networks, Predicate<ContainerSummary> filter) {
        Map<String, Observed.Container> containers = new LinkedHashMap<>();
        own.stream()
                .filter(filter)
                .sorted(java.util.Comparator.comparing(ContainerSummary::created)
                        .thenComparing(ContainerSummary::name))
                .forEach(container -> containers.put(serviceOf(container), containerOf(container, networks)));
        return containers;
    }

    private static String serviceOf(ContainerSummary container) {
        return container.labels().getOrDefault(Labels.SERVICE, container.name());
    }

    private Observed.Container containerOf(ContainerSummary container, Map<String, String> networks) {
        Map<Integer, Integer> hostPorts = new LinkedHashMap<>();
        for (PublishedPort port : container.ports()) {
            if (port.hostPort() > 0 && port.protocol().equals("tcp")) {
                hostPorts.put(port.containerPort(), port.hostPort());
            }
        }
        Observed.State state = stateOf(container.state());
        int exitCode = state == Observed.State.EXITED || state == Observed.State.DEAD ? exitCode(container) : 0;
        boolean isCompleted = state == Observed.State.EXITED && exitCode == 0 && Labels.isOneShot(container);
        return new Observed.Container(
                serviceOf(container),
                container.id(),
                container.name(),
                isCompleted ? Observed.State.COMPLETED : state,
                exitCode,
                Observed.Health.valueOf(container.health().name()),
                container.imageId(),
                Labels.fingerprint(container),
                Labels.needs(container),
                hostPorts,
                networksOf(container, networks),
                Labels.image(container),
                container.status() + remark(container),
                Labels.colour(container.labels()));
    }

    /** Where the image has a check of its own, that is what says it. */
    private static String remark(ContainerSummary container) {
        return container.health() == ContainerHealth.NONE ? Labels.remark(container) : "";
    }

    /** The list has the exit code in words only: {@code Exited (137) 2 minutes ago}. */
    private int exitCode(ContainerSummary container) {
        String status = container.status();
        int open = status.indexOf('(');
        int close = status.indexOf(')', open + 1);
        if (open >= 0 && close > open) {
            try {
                return Integer.parseInt(status.substring(open + 1, close));
            } catch (NumberFormatException e) {
                // another engine's words; asked below
            }
        }
        return engine.containers()
                .find(container.id())
                .map(ContainerDetails::state)
                .map(ContainerDetails.State::exitCode)
                .orElse(0);
    }

    private static Observed.State stateOf(ContainerState state) {
        return switch (state) {
            case CREATED -> Observed.State.CREATED;
            case RUNNING -> Observed.State.RUNNING;
            case PAUSED -> Observed.State.PAUSED;
            case RESTARTING -> Observed.State.RESTARTING;
            case EXITED -> Observed.State.EXITED;
            case REMOVING, DEAD, UNKNOWN -> Observed.State.DEAD;
        };
    }

    /** Return the ids of the stack's networks by their names, in which order the engine does not keep to. */
    private Map<String, String> networks(StackId id) {
        Map<String, String> ids = new TreeMap<>();
        for (NetworkDetails network : engine.networks().list(Labels.filter(id))) {
            ids.put(network.name(), network.id());
        }
        return ids;
    }

    /**
     * A network that was removed and made anew has the name of the old one, and nobody on it. One that is somebody else's is
     * known by what the container was made for, where there is no definition to tell.
     */
    private static Set<String> networksOf(ContainerSummary container, Map<String, String> ids) {
        Set<String> names = new LinkedHashSet<>();
        Set<String> parts = Labels.fingerprint(container).parts().keySet();
        for (NetworkAttachment attachment : container.networks()) {
            String id = ids.get(attachment.network());
            if (id == null && parts.contains(Fingerprint.OF_NETWORK + attachment.network())) {
                names.add(attachment.network());
            } else if (id != null
                    && (attachment.networkId().isEmpty()
                            || attachment.networkId().equals(id))) {
                names.add(attachment.network());
            }
        }
        return names;
    }

    private Map<String, Observed.Volume> volumes(StackDefinition definition) {
        Set<String> wanted = new LinkedHashSet<>();
        for (Service service : definition.services().values()) {
            service.volumes().forEach(mount -> wanted.add(mount.nameIn(definition.id())));
            InitialData.volumeOf(definition, service).ifPresent(wanted::add);
        }
        Set<String> unfinished = new LinkedHashSet<>();
        wanted.forEach(volume -> unfinished.add(KeptData.markOf(volume)));
        Map<String, Observed.Volume> volumes = new LinkedHashMap<>();
        List<VolumeDetails> all = engine.volumes().list(LabelFilter.none());
        unfinished.retainAll(all.stream().map(VolumeDetails::name).toList());
        for (VolumeDetails volume : all) {
            if (wanted.contains(volume.name()) && !unfinished.contains(KeptData.markOf(volume.name()))) {
                volumes.put(volume.name(), volumeOf(volume));
            }
        }
        return volumes;
    }

    private static Observed.Volume volumeOf(VolumeDetails volume) {
        String stack = volume.labels().getOrDefault(Labels.STACK, "");
        String environment = volume.labels().getOrDefault(Labels.ENVIRONMENT, "");
        return new Observed.Volume(
                volume.name(),
                stack.isEmpty() ? "" : stack + "/" + environment,
                volume.labels().getOrDefault(Labels.LINEAGE, ""));
    }
}
