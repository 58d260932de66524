package dev.withstack.core.plan;

import dev.withstack.core.model.Lineup;
import dev.withstack.core.model.Ordered;
import dev.withstack.core.model.Setup;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is there now: a snapshot, so that planning needs no further calls.
 *
 * @param containers the stack's containers by service; a process of this host counts as one
 * @param aside containers by service that a start set aside to replace them, and that are still there: the start goes on,
 *     or was ended in the middle
 * @param kept containers by service that were replaced and are kept as the way back
 * @param lineups which replicas each entry leads to, by the entry's name; absent where it leads to all there are
 * @param networks the names of the stack's networks
 * @param volumes the volumes that the stack's names stand for
 * @param images the image of each service
 * @param portOwners who holds a host port that the stack wants and does not hold itself
 * @param lacking what each process of this host needs and does not have yet, in order
 * @param initialDatas what new volumes of services may begin with, by service
 * @param changedNetworks what is not as the definition has it, by the names of the stack's networks that differ
 */
public record Observed(
        Map<String, Container> containers,
        Map<String, Container> aside,
        Map<String, Container> kept,
        Map<String, Lineup> lineups,
        Set<String> networks,
        Map<String, Volume> volumes,
        Map<String, ImageUse> images,
        Map<Integer, String> portOwners,
        Map<String, List<Lack>> lacking,
        Map<String, InitialData> initialDatas,
        Map<String, String> changedNetworks) {
    /** Nothing is there, not even an image. */
    public static final Observed NOTHING = new Observed(
            Map.of(), Map.of(), Map.of(), Map.of(), Set.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(),
            Map.of());

    public Observed {
        containers = Ordered.copyOf(containers);
        aside = Ordered.copyOf(aside);
        kept = Ordered.copyOf(kept);
        lineups = Ordered.copyOf(lineups);
        networks = Ordered.copyOf(networks);
        volumes = Ordered.copyOf(volumes);
        images = Ordered.copyOf(images);
        portOwners = Ordered.copyOf(portOwners);
        lacking = Ordered.copyOf(lacking);
        initialDatas = Ordered.copyOf(initialDatas);
        changedNetworks = Ordered.copyOf(changedNetworks);
    }

    /** Return the same with these containers. */
    public Observed withContainers(Map<String, Container> others) {
        return new Observed(
                others,
                aside,
                kept,
                lineups,
                networks,
                volumes,
                images,
                portOwners,
                lacking,
                initialDatas,
                changedNetworks);
    }

    /** Return the same with these images. */
    public Observed withImages(Map<String, ImageUse> others) {
        return new Observed(
                containers,
                aside,
                kept,
                lineups,
                networks,
                volumes,
                others,
                portOwners,
                lacking,
                initialDatas,
                changedNetworks);
    }

    /** Return the same with these volumes. */
    public Observed withVolumes(Map<String, Volume> others) {
        return new Observed(
                containers,
                aside,
                kept,
                lineups,
                networks,
                others,
                images,
                portOwners,
                lacking,
                initialDatas,
                changedNetworks);
    }

    /** Return the same with these owners of ports. */
    public Observed withPortOwners(Map<Integer, String> others) {
        return new Observed(
                containers,
                aside,
                kept,
                lineups,
                networks,
                volumes,
                images,
                others,
                lacking,
                initialDatas,
                changedNetworks);
    }

    /** Return the same with what processes of this host lack. */
    public Observed withLacking(Map<String, List<Lack>> others) {
        return new Observed(
                containers,
                aside,
                kept,
                lineups,
                networks,
                volumes,
                images,
                portOwners,
                others,
                initialDatas,
                changedNetworks);
    }

    /** Return the same with this of what new volumes may begin with. */
    public Observed withInitialDatas(Map<String, InitialData> others) {
        return new Observed(
                containers,
                aside,
                kept,
                lineups,
                networks,
                volumes,
                images,
                portOwners,
                lacking,
                others,
                changedNetworks);
    }

    /** Return the same with this of what differs of its networks. */
    public Observed withChangedNetworks(Map<String, String> others) {
        return new Observed(
                containers, aside, kept, lineups, networks, volumes, images, portOwners, lacking, initialDatas, others);
    }

    /** Return what is there of both; where both know of the same, the other one's word stands. */
    public Observed and(Observed other) {
        return new Observed(
                both(containers, other.containers),
                both(aside, other.aside),
                both(kept, other.kept),
                both(lineups, other.lineups),
                Stream.concat(networks.stream(), other.networks.stream())
                        .collect(Collectors.toCollection(LinkedHashSet::new)),
                both(volumes, other.volumes),
                both(images, other.images),
                both(portOwners, other.portOwners),
                both(lacking, other.lacking),
                both(initialDatas, other.initialDatas),
                both(changedNetworks, other.changedNetworks));
    }

    private static <K, V> Map<K, V> both(Map<K, V> one, Map<K, V> other) {
        Map<K, V> both = new LinkedHashMap<>(one);
        both.putAll(other);
        return both;
    }

    /** Return what a new volume of the service may begin with. */
    public Optional<InitialData> initialData(String service) {
        return Optional.ofNullable(initialDatas.get(service));
    }

    /** Return the same as if nothing had been built yet. */
    public Observed unbuilt() {
        Map<String, ImageUse> unbuilt = new LinkedHashMap<>();
        images.forEach((service, image) ->
                unbuilt.put(service, image.standing() == ImageUse.Standing.BUILT ? image.withoutId() : image));
        return withImages(unbuilt);
    }

    /**
     * Something that a process needs and does not have.
     *
     * @param what the name of the preparation that brings it about
     * @param cause what is missing
     */
    public record Lack(String what, String cause) {}

    /** Return the service's container, if there is one. */
    public Optional<Container> container(String service) {
        return Optional.ofNullable(containers.get(service));
    }

    public boolean isRunning(String service) {
        return container(service).map(Container::isRunning).orElse(false);
    }

    /**
     * Return the services, of those that are there, that a name stands for: of one that has replicas, all of them and
     * the entry in front of them.
     */
    public List<String> meant(String name) {
        boolean hasReplicas = container(name)
                .map(container -> container.needs().contains(name + "-1"))
                .orElse(true);
        return containers.keySet().stream()
                .filter(service ->
                        service.equals(name) || (hasReplicas && service.matches(Pattern.quote(name) + "-[0-9]+")))
                .toList();
    }

    /**
     * A container as the engine shows it.
     *
     * @param exitCode of the main process; meaningful once it has ended
     * @param health what the engine's own check says
     * @param imageId the id of the image it was created from
     * @param fingerprint what it was created from, part by part
     * @param needs the services it depends on, so that it can be stopped without its definition
     * @param hostPorts the published port on the host by the port inside
     * @param networks the stack's networks that it is on; one that was made anew since is not the same
     * @param image what it runs from, as it was when it was created
     * @param status the engine's own words, such as {@code Up 3 minutes (healthy)}
     * @param colour which of two versions it is of
     */
    public record Container(
            String service,
            String id,
            String name,
            State state,
            int exitCode,
            Health health,
            String imageId,
            Fingerprint fingerprint,
            List<String> needs,
            Map<Integer, Integer> hostPorts,
            Set<String> networks,
            ImageUse image,
            String status,
            Lineup.Colour colour) {
        public Container {
            needs = List.copyOf(needs);
            hostPorts = Ordered.copyOf(hostPorts);
            networks = Ordered.copyOf(networks);
        }

        public boolean isRunning() {
            return state == State.RUNNING;
        }

        /** Tell whether it runs and is on none of the stack's networks, because somebody has cut it off. */
        public boolean isCutOff() {
            return isRunning()
                    && networks.isEmpty()
                    && !hasNetworkOfAnother()
                    && image.standing() != ImageUse.Standing.PROCESS;
        }

        /** Tell whether it was made for the network of the host or of another service, or for none. */
        public boolean hasNetworkOfAnother() {
            return fingerprint.parts().containsKey(Setup.Namespace.NETWORK.ofAnother());
        }

        /** Tell whether nothing of it is left to be stopped. */
        public boolean isDown() {
            return state == State.CREATED || state == State.EXITED || state == State.COMPLETED;
        }
    }

    /** The engine's word for a container's state, and one of ours. */
    public enum State {
        CREATED,
        RUNNING,
        PAUSED,
        RESTARTING,
        EXITED,
        /** Exited with code 0, as a service that runs once should. */
        COMPLETED,
        DEAD
    }

    /** What the engine's own health check says. */
    public enum Health {
        NONE,
        STARTING,
        HEALTHY,
        UNHEALTHY
    }

    /**
     * A volume.
     *
     * @param owner the stack it was made for, {@code <stack>/<environment>}; empty if it has no labels of ours
     * @param lineage what has written it; empty if unknown
     */
    public record Volume(String name, String owner, String lineage) {}
}
