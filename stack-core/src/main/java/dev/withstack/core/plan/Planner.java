package dev.withstack.core.plan;

import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Lineup;
import dev.withstack.core.model.Ordered;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Problem;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Observed.Container;
import dev.withstack.core.plan.Step.AwaitReady;
import dev.withstack.core.plan.Step.BuildImage;
import dev.withstack.core.plan.Step.CreateContainer;
import dev.withstack.core.plan.Step.CreateNetwork;
import dev.withstack.core.plan.Step.CreateVolume;
import dev.withstack.core.plan.Step.Drain;
import dev.withstack.core.plan.Step.KeepInitialData;
import dev.withstack.core.plan.Step.LeadTo;
import dev.withstack.core.plan.Step.Prepare;
import dev.withstack.core.plan.Step.PullImage;
import dev.withstack.core.plan.Step.RemoveContainer;
import dev.withstack.core.plan.Step.RemoveNetwork;
import dev.withstack.core.plan.Step.RemoveReplaced;
import dev.withstack.core.plan.Step.SetAside;
import dev.withstack.core.plan.Step.StartContainer;
import dev.withstack.core.plan.Step.StopContainer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares what should be with what is there, and says what to do and why. A pure function: no I/O, the same plan
 * for the same input.
 */
public final class Planner {
    private final StackDefinition definition;
    private final Observed observed;
    private final Comparison comparison;
    private final Plan.Builder plan = new Plan.Builder();
    private final Gates gates;
    private final Map<String, Integer> startedBy = new LinkedHashMap<>();
    private final Map<String, Integer> readyBy = new LinkedHashMap<>();
    private final Map<String, Integer> volumes = new LinkedHashMap<>();
    private final Map<String, Integer> givenUpBy = new LinkedHashMap<>();
    private final Map<String, Container> aside = new LinkedHashMap<>();
    private final Map<String, Integer> broughtBy = new LinkedHashMap<>();
    private final Map<String, Integer> networks = new LinkedHashMap<>();
    private final Set<String> renewed = new LinkedHashSet<>();
    private final Map<String, Integer> prepared = new LinkedHashMap<>();
    private final Map<String, List<Integer>> preparations = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private Set<String> selected = Set.of();

    private Planner(StackDefinition definition, Observed observed) {
        this.definition = definition;
        this.observed = observed;
        this.comparison = new Comparison(definition, observed);
        this.gates = new Gates(definition, observed, plan);
    }

    /**
     * Plan what brings the services up, with all that they need. Services that are as they should be are left alone.
     *
     * @throws PlanRefusedException if a port is taken or a volume was written by another server
     */
    public static Plan up(StackDefinition definition, Collection<String> services, Observed observed) {
        Planner planner = new Planner(definition, observed);
        planner.planUp(definition.closure(services));
        planner.planSurplus();
        return planner.finished();
    }

    /**
     * Plan the same for exactly the services named, without what they need.
     *
     * @throws PlanRefusedException as {@link #up}
     */
    public static Plan upOnly(StackDefinition definition, Collection<String> services, Observed observed) {
        Planner planner = new Planner(definition, observed);
        Set<String> selected = Ordered.copyOf((Iterable<String>) services);
        selected.forEach(name -> planner.checkNeeds(definition.service(name), selected));
        planner.planUp(selected);
        return planner.finished();
    }

    /**
     * Check that the services could be made anew.
     *
     * @throws PlanRefusedException as {@link #up}
     */
    public static void check(StackDefinition definition, Collection<String> services, Observed observed) {
        Planner planner = new Planner(definition, observed);
        planner.checkNetworksStay();
        planner.check(services.stream().map(definition::service).toList());
    }

    /** Versions side by side, or one after the other, are on one network. */
    private void checkNetworksStay() {
        observed.changedNetworks()
                .forEach((network, change) -> problems.add(new Problem(
                        definition.name(),
                        "the network '" + network + "' is " + change
                                + ", and has to be made anew, with all that is on it.",
                        "Start the stack with '" + definition.environment().id() + "', which does so.")));
    }

    /** What the selected services need is not started here, so it must be running already. */
    private void checkNeeds(Service service, Set<String> selected) {
        for (Dependency dependency : service.dependencies()) {
            if (!definition.services().containsKey(dependency.on())) {
                // of the base, which is brought up or checked before
                continue;
            }
            Service needed = definition.service(dependency.on());
            boolean isThere = needed.source() instanceof Source.External
                    || observed.container(needed.name())
                            .map(container -> isThere(container, dependency))
                            .orElse(false);
            if (dependency.need() == Dependency.Need.OPTIONAL) {
                continue;
            }
            if (!selected.contains(needed.name()) && !isThere) {
                problems.add(new Problem(
                        service.name(),
                        "needs '" + needed.name() + "', which "
                                + (needed.isOneShot() ? "is not completed" : "is not running")
                                + " and was not asked for.",
                        "Start it first, or leave --only out."));
            } else if (!selected.contains(needed.name())
                    && dependency.condition() == Dependency.Condition.HEALTHY
                    && !readyBy.containsKey(needed.name())) {
                readyBy.put(
                        needed.name(), plan.add(new AwaitReady(needed.name()), "needed, not started here", List.of()));
            }
        }
    }

    private static boolean isThere(Container container, Dependency dependency) {
        return dependency.condition() == Dependency.Condition.COMPLETED
                ? container.state() == Observed.State.COMPLETED
                : container.isRunning();
    }

    private void planUp(Set<String> names) {
        selected = names;
        List<Service> services = definition.graph().order().stream()
                .filter(selected::contains)
                .map(definition::service)
                .toList();
        services.forEach(this::checkAloneOnChanged);
        check(services);
        Map<String, Integer> images = new LinkedHashMap<>();
        services.forEach(service -> planImage(service, images));
        services.forEach(this::planPreparations);
        services.forEach(this::planNetworks);
        gates.close(selected);
        services.forEach(service -> planService(service, images));
        gates.open(readyBy);
        planRemovalOfReplaced();
    }

    /** A network that is made anew can't be so under those who are on it. */
    private void checkAloneOnChanged(Service service) {
        for (String network : definition.networksOf(service)) {
            String change = observed.changedNetworks().get(network);
            if (change != null) {
                observed.containers().values().stream()
                        .filter(other -> other.networks().contains(network) && !other.isDown())
                        .filter(other -> !selected.contains(other.service()))
                        .forEach(other -> problems.add(new Problem(
                                service.name(),
                                "needs the network '" + network + "' anew (" + change + "), and '" + other.service()
                                        + "' is on it and was not asked for.",
                                "Start them together, or stop '" + other.service() + "' first.")));
            }
        }
    }

    private void check(List<Service> services) {
        problems.addAll(new Obstacles(definition, observed, comparison).to(services));
        if (!problems.isEmpty()) {
            throw new PlanRefusedException("Nothing was started", problems);
        }
    }

    private Plan finished() {
        noteInferred();
        noteOrphans();
        return plan.build();
    }

    /** Replicas that are too many go when those that stay are ready, each with its grace to finish what it has in hand. */
    private void planSurplus() {
        for (Container container : observed.containers().values()) {
            Service several = definition.hadReplica(container.service()).orElse(null);
            if (several != null && isSelected(several)) {
                int number = definition.replicas().getOrDefault(several.name(), 0);
                String reason = several.name() + " has " + number + " now";
                List<Integer> others = List.copyOf(readyBy.values());
                List<Integer> stopped = container.isDown()
                        ? others
                        : List.of(plan.add(
                                new StopContainer(container.service(), container.id()),
                                reason,
                                planLeave(several, container, reason, others)));
                plan.add(new RemoveContainer(container.service(), container.id()), reason, stopped);
            }
        }
    }

    /** The entry leads to it no longer, and then what it has in hand is finished. */
    private List<Integer> planLeave(Service several, Container container, String reason, List<Integer> others) {
        return gates.opened(several.name())
                .map(opened -> List.of(plan.add(
                        new Drain(
                                container.service(),
                                several.name(),
                                container.id(),
                                several.stopPolicy().grace()),
                        reason,
                        List.of(opened))))
                .orElse(others);
    }

    private boolean isSelected(Service several) {
        return definition.meant(several.name()).stream().anyMatch(selected::contains);
    }

    private void planImage(Service service, Map<String, Integer> images) {
        ImageUse image = comparison.imageOf(service);
        if (!image.isPresent()) {
            Step step = service.source() instanceof Source.Build build
                    ? new BuildImage(service.name(), build.directory())
                    : new PullImage(service.name(), image.used());
            String cause = step instanceof BuildImage ? "not built from this source" : "not present";
            int brought = broughtBy.computeIfAbsent(image.used(), unused -> plan.add(step, cause, List.of()));
            images.put(service.name(), brought);
        }
    }

    /** Services that need the same of the host get it once. */
    private void planPreparations(Service service) {
        if (!(service.source() instanceof Source.Process process)) {
            return;
        }
        List<Integer> before = new ArrayList<>();
        for (Observed.Lack lack : observed.lacking().getOrDefault(service.name(), List.of())) {
            String key = process.directory() + "/" + lack.what();
            Integer step = prepared.get(key);
            if (step == null) {
                step = plan.add(new Prepare(service.name(), lack.what()), lack.cause(), List.copyOf(before));
                prepared.put(key, step);
            }
            before.add(step);
        }
        preparations.put(service.name(), before);
    }

    private void planNetworks(Service service) {
        if (service.source() instanceof Source.External) {
            return;
        }
        for (String network : definition.networksOf(service)) {
            String change = observed.changedNetworks().get(network);
            if (!observed.networks().contains(network)) {
                networks.computeIfAbsent(network, name -> plan.add(new CreateNetwork(name), "not found", List.of()));
            } else if (change != null && !networks.containsKey(network)) {
                networks.put(network, planNetworkAnew(network, change));
            }
        }
    }

    /** The engine changes no network, and removes none that anybody is on. */
    private int planNetworkAnew(String network, String change) {
        List<Integer> left = observed.containers().values().stream()
                .filter(container -> container.networks().contains(network) && selected.contains(container.service()))
                .map(container -> planGivingUp(container, "its network " + network + " is " + change))
                .toList();
        int removed = plan.add(new RemoveNetwork(network), change, left);
        return plan.add(new CreateNetwork(network), change, List.of(removed));
    }

    private void planService(Service service, Map<String, Integer> images) {
        if (service.source() instanceof Source.External) {
            readyBy.put(service.name(), plan.add(new AwaitReady(service.name()), "external", dependenciesOf(service)));
            return;
        }
        Container container = observed.container(service.name()).orElse(null);
        String causeToCreate = container == null ? "not found" : causeToRecreate(service, container);
        List<Integer> before = new ArrayList<>(dependenciesOf(service));
        before.addAll(freeingPortsOf(service));
        before.addAll(preparations.getOrDefault(service.name(), List.of()));
        if (container == null || !causeToCreate.isEmpty()) {
            before.add(planCreation(service, container, causeToCreate, images));
            gates.before(service).ifPresent(before::add);
            planStart(service, causeToCreate, before);
            return;
        }
        String causeToStart = causeToStart(service, container);
        if (!causeToStart.isEmpty()) {
            planStart(service, causeToStart, before);
        } else if (!service.isOneShot() || !container.isDown()) {
            // else it is completed, and so is whatever waits for that
            planWait(service);
        }
    }

    /** Whoever shares a network or processes with another is left with those of the one before, when that starts anew. */
    private String causeToRecreate(Service service, Container container) {
        String own = comparison.causeToRecreate(service, container);
        return own.isEmpty()
                ? service.setup().servicesJoined().stream()
                        .filter(startedBy::containsKey)
                        .findFirst()
                        .map(other -> "shares with '" + other + "', which starts anew")
                        .orElse("")
                : own;
    }

    private int planCreation(
            Service service, @Nullable Container container, String cause, Map<String, Integer> images) {
        List<Integer> before = new ArrayList<>();
        definition.networksOf(service).stream()
                .filter(networks::containsKey)
                .map(networks::get)
                .forEach(before::add);
        // a container is made for the very one that it shares with
        service.setup().servicesJoined().stream()
                .filter(startedBy::containsKey)
                .map(startedBy::get)
                .forEach(before::add);
        if (images.containsKey(service.name())) {
            before.add(images.get(service.name()));
        }
        before.addAll(planVolumes(service));
        if (container != null) {
            before.add(planGivingUp(container, cause));
        }
        renewed.add(service.name());
        return planLineup(
                service, plan.add(new CreateContainer(service.name(), colourOf(service, container)), cause, before));
    }

    private void planStart(Service service, String cause, List<Integer> before) {
        int start = plan.add(new StartContainer(service.name()), cause, before);
        startedBy.put(service.name(), start);
        readyBy.put(service.name(), plan.add(new AwaitReady(service.name()), "started", List.of(start)));
    }

    /** What it says while a service that it needs is being replaced is no answer. */
    private void planWait(Service service) {
        List<Integer> after = service.dependencies().stream()
                .map(Dependency::on)
                .filter(startedBy::containsKey)
                .map(readyBy::get)
                .toList();
        readyBy.put(service.name(), plan.add(new AwaitReady(service.name()), "running, unchanged", after));
    }

    /** It takes the place of the one before, or that which the entry has for it. */
    private Lineup.Colour colourOf(Service service, @Nullable Container before) {
        return before != null
                ? before.colour()
                : service.entry()
                        .map(observed.lineups()::get)
                        .map(lineup -> lineup.colourOf(service.ordinal()))
                        .orElse(Lineup.Colour.BLUE);
    }

    /** An entry that is made anew leads where the one before did, from its first request on. */
    private int planLineup(Service service, int created) {
        Lineup lineup = observed.lineups().get(service.name());
        return lineup == null ? created : plan.add(new LeadTo(service.name(), lineup), "as before", List.of(created));
    }

    private List<Integer> planVolumes(Service service) {
        Set<String> names = new LinkedHashSet<>();
        service.volumes().forEach(mount -> names.add(mount.nameIn(definition.id())));
        Optional<InitialData> initial = observed.initialData(service.name());
        initial.ifPresent(data -> names.add(data.volume()));
        List<Integer> created = new ArrayList<>();
        for (String name : names) {
            if (!observed.volumes().containsKey(name)) {
                created.add(volumes.computeIfAbsent(name, unused -> planVolume(service, name, initial)));
            }
        }
        return created;
    }

    private int planVolume(Service service, String name, Optional<InitialData> initial) {
        String lineage = comparison.imageOf(service).lineage();
        Optional<InitialData> data = initial.filter(one -> one.volume().equals(name));
        List<Integer> before = data.filter(one -> !one.isKept())
                .map(one -> plan.add(new KeepInitialData(service.name()), "not kept yet", List.of()))
                .map(List::of)
                .orElse(List.of());
        String kept = data.map(InitialData::image).orElse("");
        return plan.add(new CreateVolume(service.name(), name, lineage, kept), "not found", before);
    }

    /** A port may pass from one service to another; who had it has to be gone before. */
    private List<Integer> freeingPortsOf(Service service) {
        List<Integer> removals = new ArrayList<>();
        for (Container other : observed.containers().values()) {
            boolean isInTheWay = service.endpoints().stream()
                    .anyMatch(endpoint -> endpoint.publication() instanceof Endpoint.Fixed fixed
                            && other.hostPorts().containsValue(fixed.hostPort()));
            if (isInTheWay && !other.service().equals(service.name()) && selected.contains(other.service())) {
                String reason = comparison.causeToRecreate(definition.service(other.service()), other);
                if (!reason.isEmpty()) {
                    removals.add(planGivingUp(other, reason));
                }
            }
        }
        return removals;
    }

    /** Get the container out of the way of the one that replaces it. */
    private int planGivingUp(Container container, String reason) {
        Integer planned = givenUpBy.get(container.service());
        if (planned != null) {
            return planned;
        }
        List<Integer> after = container.isDown()
                ? List.of()
                : List.of(plan.add(new StopContainer(container.service(), container.id()), reason, List.of()));
        Step step = comparison.canComeBack(container)
                ? new SetAside(container.service(), container.id())
                : new RemoveContainer(container.service(), container.id());
        int number = plan.add(step, reason, after);
        if (step instanceof SetAside) {
            aside.put(container.service(), container);
        }
        givenUpBy.put(container.service(), number);
        return number;
    }

    /** Only when all is ready there is no way back to what was before. */
    private void planRemovalOfReplaced() {
        Map<String, Container> replaced = new LinkedHashMap<>(observed.aside());
        replaced.keySet().retainAll(selected);
        replaced.putAll(aside);
        List<Integer> everything = plan.lastSteps();
        replaced.forEach((service, container) ->
                plan.add(new RemoveReplaced(service, container.id()), "all is ready", everything));
    }

    private String causeToStart(Service service, Container container) {
        return switch (container.state()) {
            case RUNNING, RESTARTING -> "";
            case COMPLETED -> causeToRunAgain(service);
            case CREATED -> "created, never started";
            case PAUSED -> "paused";
            case EXITED, DEAD -> container.exitCode() == 0 ? "stopped" : "exited " + container.exitCode();
        };
    }

    /** What a service that runs once has done is lost with what it was done to. */
    private String causeToRunAgain(Service service) {
        for (Dependency dependency : service.dependencies()) {
            if (renewed.contains(dependency.on())) {
                renewed.add(service.name());
                return dependency.on() + " is new";
            }
        }
        return "";
    }

    private List<Integer> dependenciesOf(Service service) {
        List<Integer> steps = new ArrayList<>();
        for (Dependency dependency : service.dependencies()) {
            Map<String, Integer> reached =
                    switch (dependency.condition()) {
                        case STARTED -> startedBy;
                        case HEALTHY, COMPLETED -> readyBy;
                    };
            Integer step = reached.get(dependency.on());
            if (step != null) {
                steps.add(step);
            }
        }
        return steps;
    }

    /** Return how the owner of a stack's volumes is written. */
    public static String ownerOf(StackId id) {
        return id.stack() + "/" + id.environment().id();
    }

    /** Nobody has said how its readiness shows: who waits for it is told what it is taken for. */
    private void noteInferred() {
        for (Service service : definition.services().values()) {
            if (isSelected(service)
                    && service.probe().orElse(null) instanceof Probe.OfImage check
                    && !check.command().isEmpty()) {
                plan.note("'" + service.name() + "' has no health check: it is asked by that of its image.");
            }
            if (isSelected(service) && service.probe().orElse(null) instanceof Probe.Inferred inferred) {
                plan.note("'" + service.name() + "' has no health check: it counts as ready when port "
                        + service.endpoint(inferred.endpoint()).port() + " answers.");
            }
        }
    }

    private void noteOrphans() {
        observed.containers().keySet().stream()
                .filter(service -> !definition.services().containsKey(service))
                .filter(service -> definition.hadReplica(service).isEmpty())
                .forEach(service ->
                        plan.note("'" + service + "' is there but no longer part of the stack; 'down' removes it."));
        observed.networks().stream()
                .filter(network -> !definition.networks().contains(network))
                .forEach(network -> plan.note(
                        "network '" + network + "' is there but no longer part of the stack; 'down' removes it."));
    }
}
