package dev.withstack.core.plan;

import dev.withstack.core.model.Lineup;
import dev.withstack.core.model.Ordered;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

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
        Map<String, InitialData> initialDatas) {

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
    }

    /** Make a snapshot in which nothing is set aside. */
    public Observed(
            Map<String, Container> containers,
            Set<String> networks,
            Map<String, Volume> volumes,
            Map<String, ImageUse> images,
            Map<Integer, String> portOwners) {
        this(containers, Map.of(), networks, volumes, images, portOwners, Map.of());
    }

    /** Return what is there of both. */
    public Observed and(Observed other) {
        Map<String, Container> allContainers = new LinkedHashMap<>(containers);
        allContainers.putAll(other.containers);
        Map<String, Container> allAside = new LinkedHashMap<>(aside);
        allAside.putAll(other.aside);
        Map<String, Container> allKept = new LinkedHashMap<>(kept);
        allKept.putAll(other.kept);
        Map<String, Lineup> allLineups = new LinkedHashMap<>(lineups);
        allLineups.putAll(other.lineups);
        Set<String> allNetworks = new LinkedHashSet<>(networks);
        allNetworks.addAll(other.networks);
        Map<String, Volume> allVolumes = new LinkedHashMap<>(volumes);
        allVolumes.putAll(other.volumes);
        Map<String, ImageUse> allImages = new LinkedHashMap<>(images);
        allImages.putAll(other.images);
        Map<Integer, String> allOwners = new LinkedHashMap<>(portOwners);
        allOwners.putAll(other.portOwners);
        Map<String, List<Lack>> allLacking = new LinkedHashMap<>(lacking);
        allLacking.putAll(other.lacking);
        Map<String, InitialData> allInitial = new LinkedHashMap<>(initialDatas);
        allInitial.putAll(other.initialDatas);
        return new Observed(
                allContainers,
                allAside,
                allKept,
                allLineups,
                allNetworks,
                allVolumes,
                allImages,
                allOwners,
                allLacking,
                allInitial);
    }

    /** Make a snapshot in which volumes begin empty, no way back is kept and each entry leads to all replicas. */
    public Observed(
            Map<String, Container> containers,
            Map<String, Container> aside,
            Set<String> networks,
            Map<String, Volume> volumes,
            Map<String, ImageUse> images,
            Map<Integer, String> portOwners,
            Map<String, List<Lack>> lacking) {
        this(containers, aside, Map.of(), Map.of(), networks, volumes, images, portOwners, lacking, Map.of());
    }

    /** Return the same with this of what new volumes may begin with. */
    public Observed with(Map<String, InitialData> initial) {
        return new Observed(containers, aside, kept, lineups, networks, volumes, images, portOwners, lacking, initial);
    }

    /** Return what a new volume of the service may begin with. */
    public Optional<InitialData> initialData(String service) {
        return Optional.ofNullable(initialDatas.get(service));
    }

    /** Return the same with these images. */
    public Observed withImages(Map<String, ImageUse> others) {
        return new Observed(
                containers, aside, kept, lineups, networks, volumes, others, portOwners, lacking, initialDatas);
    }

    /** Return the same with these volumes. */
    public Observed withVolumes(Map<String, Volume> others) {
        return new Observed(
                containers, aside, kept, lineups, networks, others, images, portOwners, lacking, initialDatas);
    }

    /** Return the same as if nothing had been built yet. */
    public Observed unbuilt() {
        Map<String, ImageUse> unbuilt = new LinkedHashMap<>();
        images.forEach((service, image) ->
                unbuilt.put(service, image.standing() == ImageUse.Standing.BUILT ? image.withoutId() : image));
        return withImages(unbuilt);
    }

    /** Make a snapshot in which no process lacks anything. */
    public Observed(
            Map<String, Container> containers,
            Map<String, Container> aside,
            Set<String> networks,
            Map<String, Volume> volumes,
            Map<String, ImageUse> images,
            Map<Integer, String> portOwners) {
        this(containers, aside, networks, volumes, images, portOwners, Map.of());
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

        /** Show a container of which there is one version. */
        public Container(
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
                String status) {
            this(
                    service,
                    id,
                    name,
                    state,
                    exitCode,
                    health,
                    imageId,
                    fingerprint,
                    needs,
                    hostPorts,
                    networks,
                    image,
                    status,
                    Lineup.Colour.BLUE);
        }

        public boolean isRunning() {
            return state == State.RUNNING;
        }

        /** Tell whether it runs and is on none of the stack's networks, because somebody has cut it off. */
        public boolean isCutOff() {
            return isRunning() && networks.isEmpty() && image.standing() != ImageUse.Standing.PROCESS;
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
