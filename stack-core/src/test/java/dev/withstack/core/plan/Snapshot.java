package dev.withstack.core.plan;

import dev.withstack.core.driver.FakeDriver;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Lineup;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.VolumeMount;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What could be observed of a stack, put together by a test. */
final class Snapshot {
    private final StackDefinition definition;
    private final Map<String, Observed.Container> containers = new LinkedHashMap<>();
    private final Map<String, Observed.Container> aside = new LinkedHashMap<>();
    private final Set<String> networks = new LinkedHashSet<>();
    private final Map<String, Observed.Volume> volumes = new LinkedHashMap<>();
    private final Map<String, ImageUse> images = new LinkedHashMap<>();
    private final Map<Integer, String> portOwners = new LinkedHashMap<>();

    private Snapshot(StackDefinition definition) {
        this.definition = definition;
        definition.services().values().forEach(service -> images.put(service.name(), image(service)));
    }

    /** Begin with nothing but the images. */
    static Snapshot nothing(StackDefinition definition) {
        return new Snapshot(definition);
    }

    /** Begin with everything created from the definition and running. */
    static Snapshot running(StackDefinition definition) {
        Snapshot snapshot = nothing(definition).network();
        definition.services().values().stream()
                .filter(service -> !(service.source() instanceof Source.External))
                .forEach(service -> {
                    snapshot.container(service);
                    service.volumes()
                            .forEach(mount -> snapshot.volume(
                                    mount,
                                    Planner.ownerOf(definition.id()),
                                    snapshot.images.get(service.name()).lineage()));
                });
        return snapshot;
    }

    static ImageUse image(Service service) {
        if (service.source() instanceof Source.Build) {
            String tag = "frostbyte/" + service.declaredName() + ":abc";
            return new ImageUse(tag, tag, "id of " + tag, ImageUse.Standing.BUILT, "", "");
        }
        return FakeDriver.presentImage(service);
    }

    Snapshot network() {
        networks.addAll(definition.networks());
        return this;
    }

    Snapshot withoutNetwork() {
        networks.clear();
        return this;
    }

    Snapshot withoutNetwork(String name) {
        networks.remove(name);
        return this;
    }

    Snapshot container(Service service) {
        ImageUse image = images.getOrDefault(service.name(), image(service));
        containers.put(
                service.name(),
                new Observed.Container(
                        service.name(),
                        service.name() + "-id",
                        definition.id().containerName(service.name()),
                        Observed.State.RUNNING,
                        0,
                        Observed.Health.NONE,
                        image.id(),
                        Fingerprint.of(definition, service, image),
                        service.dependencies().stream().map(Dependency::on).toList(),
                        Map.of(),
                        Set.copyOf(definition.networksOf(service)),
                        image,
                        "Up",
                        Lineup.Colour.BLUE));
        return this;
    }

    /** Let a start have set the service's container aside, and then have been ended. */
    Snapshot aside(String service) {
        Observed.Container container = java.util.Objects.requireNonNull(containers.remove(service));
        aside.put(service, FakeDriver.inState(container, Observed.State.EXITED, 0));
        return this;
    }

    Snapshot without(String service) {
        containers.remove(service);
        return this;
    }

    Snapshot state(String service, Observed.State state, int exitCode) {
        return change(service, container -> FakeDriver.inState(container, state, exitCode));
    }

    Snapshot change(String service, UnaryOperator<Observed.Container> change) {
        containers.computeIfPresent(service, (name, container) -> change.apply(container));
        return this;
    }

    Snapshot image(String service, ImageUse image) {
        images.put(service, image);
        return this;
    }

    Snapshot missingImage(String service) {
        ImageUse present = images.get(service);
        return image(
                service,
                new ImageUse(
                        present.asked(), present.used(), "", present.standing(), present.note(), present.lineage()));
    }

    Snapshot volume(String volume, String owner, String lineage) {
        return volume(new VolumeMount(volume, ""), owner, lineage);
    }

    private Snapshot volume(VolumeMount mount, String owner, String lineage) {
        String name = mount.nameIn(definition.id());
        volumes.put(name, new Observed.Volume(name, owner, lineage));
        return this;
    }

    Snapshot portTaken(int port, String owner) {
        portOwners.put(port, owner);
        return this;
    }

    Observed observed() {
        return new Observed(
                containers,
                aside,
                Map.of(),
                Map.of(),
                networks,
                volumes,
                images,
                portOwners,
                Map.of(),
                Map.of(),
                Map.of());
    }

    Plan up() {
        return up(List.copyOf(definition.services().keySet()));
    }

    Plan up(List<String> services) {
        return up(definition, services);
    }

    /** Plan for another definition than that of what is there. */
    Plan up(StackDefinition other, List<String> services) {
        other.services().values().forEach(service -> images.putIfAbsent(service.name(), image(service)));
        return Planner.up(other, services, observed());
    }

    Plan only(String... services) {
        return Planner.upOnly(definition, List.of(services), observed());
    }
}
