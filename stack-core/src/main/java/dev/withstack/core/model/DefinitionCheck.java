package dev.withstack.core.model;

import dev.withstack.core.graph.Graph;
import dev.withstack.core.model.Dependency.Condition;
import dev.withstack.core.model.Dependency.Need;
import dev.withstack.core.model.Endpoint.Fixed;
import dev.withstack.core.model.Service.Starts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds everything that is wrong with a set of services, in one pass over them. */
final class DefinitionCheck {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final int LONGEST_NAME = 40;
    /** A host name has 63 characters at most, and a replica's number has to fit in. */
    private static final int LONGEST_SERVICE = 58;

    private final String stack;
    private final List<String> networks;
    private final List<Service> services;
    private final List<String> replaced;
    private final Map<String, Service> ofBase;
    private final List<Share> shares;
    private final Map<String, Service> byName = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    /** @param replaced the names of services that were to take the place of others */
    DefinitionCheck(
            String stack,
            List<Network> networks,
            List<Service> services,
            List<String> replaced,
            Optional<StackDefinition> base,
            List<Share> shares) {
        this.stack = stack;
        this.networks = networks.stream().map(Network::name).toList();
        this.services = services;
        this.replaced = replaced;
        this.ofBase = base.map(StackDefinition::services).orElse(Map.of());
        this.shares = shares;
    }

    List<Problem> problems() {
        checkName("stack", stack);
        networks.forEach(name -> checkName("network", name));
        checkReplaced();
        services.forEach(this::checkNameOf);
        services.forEach(service -> problems.addAll(service.problems()));
        services.forEach(this::checkDependenciesOf);
        services.forEach(this::checkNetworksOf);
        services.forEach(this::checkJoined);
        services.forEach(this::checkAddressesOf);
        shares.forEach(this::checkShare);
        services.forEach(this::checkFilesOf);
        services.forEach(this::checkLimitsOf);
        services.forEach(this::checkReplicasOf);
        checkHostPorts();
        checkCycles();
        return problems;
    }

    private void checkName(String kind, String name) {
        int longest = kind.equals("service") ? LONGEST_SERVICE : LONGEST_NAME;
        if (!NAME.matcher(name).matches() || name.length() > longest) {
            problems.add(new Problem(
                    name,
                    "'" + name + "' is no name for a " + kind + ".",
                    "Use lower-case letters, digits and single hyphens, beginning with a letter, at most " + longest
                            + " characters."));
        }
    }

    private void checkReplaced() {
        Set<String> names = new LinkedHashSet<>();
        services.forEach(service -> names.add(service.name()));
        for (String name : replaced) {
            if (!names.contains(name)) {
                problems.add(new Problem(
                        name,
                        "can't be replaced, as the stack does not have it.",
                        "Use add(..), or replace one of: " + String.join(", ", names) + "."));
            }
        }
    }

    private void checkNameOf(Service service) {
        checkName("service", service.name());
        if (byName.putIfAbsent(service.name(), service) != null) {
            problems.add(new Problem(
                    service.name(),
                    "two services are called '" + service.name() + "'.",
                    "Rename one of them, or use replace(..) if it is meant to take the other's place."));
        } else if (ofBase.containsKey(service.name())) {
            problems.add(new Problem(
                    service.name(),
                    "a service of the base is called '" + service.name() + "' too.",
                    "Rename this one: what refers to '" + service.name() + "' would not know which is meant."));
        }
    }

    private void checkDependenciesOf(Service service) {
        for (Dependency dependency : service.dependencies()) {
            Service target = target(dependency.on());
            if (target == null) {
                problems.add(new Problem(
                        service.name(),
                        "needs '" + dependency.on() + "', which the stack does not have.",
                        "Add it, or name one of: " + names() + "."));
            } else {
                checkCondition(service, dependency.condition(), target);
                checkNeed(service, dependency.need(), target);
            }
        }
    }

    private void checkCondition(Service service, Condition condition, Service target) {
        if (condition == Condition.HEALTHY && target.probe().isEmpty()) {
            problems.add(new Problem(
                    service.name(),
                    "waits for '" + target.name() + "' to be healthy, but '" + target.name()
                            + "' has no probe that could say so.",
                    "Give it one with probe(..), or depend on it with the condition STARTED."));
        } else if (condition == Condition.HEALTHY && target.isOneShot()) {
            problems.add(new Problem(
                    service.name(),
                    "waits for '" + target.name() + "' to be healthy, but '" + target.name() + "' runs once and ends.",
                    "Depend on it with Dependency.completed(..), and take an address of it withoutEdge()."));
        } else if (condition == Condition.COMPLETED && !target.isOneShot()) {
            problems.add(new Problem(
                    service.name(),
                    "waits for '" + target.name() + "' to be completed, but '" + target.name() + "' runs on.",
                    "Let it end with runsOnce(), or depend on it with Dependency.healthy(..)."));
        }
    }

    private void checkNeed(Service service, Need need, Service target) {
        if (need == Need.REQUIRED && target.starts() == Starts.ON_REQUEST && service.starts() == Starts.WITH_STACK) {
            problems.add(new Problem(
                    service.name(),
                    "needs '" + target.name() + "', which is started on request only.",
                    "Make it Dependency.optional(..) and its addresses withoutEdge(), or take onRequest() away."));
        }
    }

    private void checkNetworksOf(Service service) {
        for (String network : service.networks()) {
            if (!networks.contains(network)) {
                problems.add(new Problem(
                        service.name(),
                        "is on the network '" + network + "', which the stack does not have.",
                        "Declare it with network(..)"
                                + (networks.isEmpty()
                                        ? "."
                                        : ", or name one of: " + String.join(", ", networks) + ".")));
            }
        }
    }

    private void checkJoined(Service service) {
        for (String other : service.setup().servicesJoined()) {
            boolean isNeeded = service.dependencies().stream()
                    .anyMatch(dependency -> dependency.on().equals(other));
            if (byName.get(other) == null) {
                problems.add(new Problem(
                        service.name(),
                        "shares with '" + other + "', which the stack does not have.",
                        "Name one of: " + names() + "."));
            } else if (!isNeeded) {
                problems.add(new Problem(
                        service.name(),
                        "shares with '" + other + "', and does not wait until it is started.",
                        "Let it need it: needs(new Dependency(\"" + other + "\", Condition.STARTED))."));
            }
        }
    }

    private void checkAddressesOf(Service service) {
        service.values().forEach((holder, value) -> value.addresses()
                .forEach(address -> checkAddress(service, holder, address)));
    }

    private void checkAddress(Service service, String holder, Value.Address address) {
        Service target = target(address.service());
        if (target == null) {
            if (address.edge() == Value.Edge.NONE) {
                problems.add(new Problem(
                        service.name(),
                        "its " + holder + " has the address of '" + address.service()
                                + "', which the stack does not have.",
                        "Add it, or name one of: " + names() + "."));
            }
            return;
        }
        if (target.source() instanceof Source.Process && !(service.source() instanceof Source.Process)) {
            problems.add(new Problem(
                    service.name(),
                    "its " + holder + " has the address of '" + target.name()
                            + "', a process of this host, which a container does not reach.",
                    "Run '" + target.name() + "' as a container too, or '" + service.name() + "' as a process."));
        }
        List<String> endpoints = target.endpoints().stream().map(Endpoint::name).toList();
        if (!endpoints.contains(address.endpoint())) {
            problems.add(new Problem(
                    service.name(),
                    "its " + holder + " has the address of the endpoint '" + address.endpoint() + "' of '"
                            + target.name() + "', which has only: " + String.join(", ", endpoints) + ".",
                    "Name one of these, or add it with port(..)."));
        }
        if (!ofBase.containsKey(target.name()) && !isReachable(service, target)) {
            problems.add(new Problem(
                    service.name(),
                    "its " + holder + " has the address of '" + target.name() + "', with which it shares no network: it"
                            + " is on " + String.join(", ", service.networks()) + ", '" + target.name() + "' on "
                            + String.join(", ", target.networks()) + ".",
                    "Put one of the two on a network of the other with networks(..)."));
        }
    }

    private static boolean isReachable(Service reader, Service target) {
        boolean isElsewhere = reader.source() instanceof Source.External || target.source() instanceof Source.External;
        // a service that names no network is on all
        return isElsewhere
                || reader.networks().isEmpty()
                || target.networks().isEmpty()
                || reader.networks().stream().anyMatch(target.networks()::contains);
    }

    private void checkFilesOf(Service service) {
        for (FileMount file : service.files()) {
            if (!file.path().startsWith("/")) {
                problems.add(new Problem(
                        service.name(),
                        "'" + file.path() + "' is no absolute path of its container.",
                        "Begin it with a slash."));
            }
            for (String directory : service.hardening().tmpfs()) {
                checkNotHidden(service, file, directory, "tmpfs, which is empty at each start");
            }
            for (FileMount other : service.files()) {
                if (other instanceof FileMount.Bound && !(file instanceof FileMount.Bound)) {
                    checkNotHidden(service, file, other.path(), "directory of the host, which is not written to");
                }
            }
        }
    }

    private void checkNotHidden(Service service, FileMount file, String directory, String what) {
        if (file.path().startsWith(directory + "/")) {
            problems.add(new Problem(
                    service.name(),
                    "its file '" + file.path() + "' lies in '" + directory + "', a " + what + ".",
                    "Give one of them another path."));
        }
    }

    private void checkLimitsOf(Service service) {
        Limits limits = service.limits();
        boolean isTooMuch = limits.cpus()
                        .flatMap(most -> limits.reservedCpus().map(kept -> kept > most))
                        .orElse(false)
                || limits.memoryBytes()
                        .flatMap(most -> limits.reservedMemoryBytes().map(kept -> kept > most))
                        .orElse(false);
        if (isTooMuch) {
            problems.add(new Problem(
                    service.name(),
                    "more CPUs or memory are kept for it than it may use.",
                    "Raise its limit or lower its reservation: " + Names.variable(service.name(), "CPUS") + ", "
                            + Names.variable(service.name(), "MEMORY") + "."));
        }
    }

    private void checkShare(Share share) {
        if (target(share.service()) == null) {
            problems.add(new Problem(
                    stack,
                    "has " + share.text() + ", and there is no '" + share.service() + "'.",
                    "Name one of: " + names() + "."));
        }
    }

    private @Nullable Service target(String name) {
        Service own = byName.get(name);
        return own == null ? ofBase.get(name) : own;
    }

    private String names() {
        List<String> names = new ArrayList<>(byName.keySet());
        names.addAll(ofBase.keySet());
        return String.join(", ", names);
    }

    private void checkReplicasOf(Service service) {
        List<String> names = Expansion.replicasOf(service);
        if (names.isEmpty()) {
            return;
        }
        if (service.source() instanceof Source.Process) {
            problems.add(new Problem(
                    service.name(),
                    "has replicas and is a process of this host, of which there is one.",
                    "Leave out replicas(..), or run it in a container."));
        }
        if (service.replicas().orElseThrow().first() == Replicas.First.PLAIN
                && !service.endpoints().isEmpty()) {
            problems.add(new Problem(
                    service.name(),
                    "has endpoints, and its first replica would bear the name of the server in front of them.",
                    "Number its replicas with replicas(1), or leave out its endpoints."));
        }
        names.stream()
                .filter(name -> byName.containsKey(name) && !name.equals(service.name()))
                .forEach(name -> problems.add(new Problem(
                        service.name(),
                        "has replicas, and one of them would be called '" + name + "', as another service is.",
                        "Rename the other one.")));
        service.volumes()
                .forEach(mount -> problems.add(new Problem(
                        service.name(),
                        "has replicas and the volume '" + mount.volume() + "', into which they would all write.",
                        "Leave out replicas(..), or keep the data in a service of its own.")));
        boolean speaksHttp =
                service.probe().filter(Probe.Http.class::isInstance).isPresent();
        if (!speaksHttp) {
            service.endpoints()
                    .forEach(endpoint -> problems.add(new Problem(
                            service.name(),
                            "has replicas and the endpoint '" + endpoint.name() + "'" + publishedAs(endpoint)
                                    + ", but no HTTP probe: the one address in front of replicas is that of an HTTP server.",
                            "Give it a probe with http(..), or leave out replicas(..).")));
        }
    }

    private static String publishedAs(Endpoint endpoint) {
        return endpoint.publication() instanceof Fixed fixed
                ? ", published on host port " + fixed.hostPort() + ", which only one of them can hold"
                : "";
    }

    private void checkHostPorts() {
        Map<Integer, String> owners = new HashMap<>();
        List<Service> all = new ArrayList<>(ofBase.values());
        all.addAll(services);
        for (Service service : all) {
            for (Endpoint endpoint : service.endpoints()) {
                if (endpoint.publication() instanceof Fixed fixed && !(service.source() instanceof Source.External)) {
                    String here = service.name() + "'s " + endpoint.name();
                    String other = owners.putIfAbsent(fixed.hostPort(), here);
                    if (other != null) {
                        problems.add(new Problem(
                                service.name(),
                                "host port " + fixed.hostPort() + " is asked for twice: by " + other + " and by " + here
                                        + ".",
                                "Give one of them another port, for example with " + service.portVariable(endpoint)
                                        + "."));
                    }
                }
            }
        }
    }

    private void checkCycles() {
        Map<String, List<String>> edges = new LinkedHashMap<>();
        byName.forEach((name, service) -> edges.put(
                name, service.dependencies().stream().map(Dependency::on).toList()));
        List<String> cycle = Graph.findCycle(edges);
        if (!cycle.isEmpty()) {
            problems.add(new Problem(
                    cycle.get(0),
                    "services wait for each other: " + String.join(" → ", cycle) + ".",
                    "Turn one of these references into an address only with withoutEdge()."));
        }
    }
}
