package dev.withstack.core.model;

import dev.withstack.core.graph.Graph;
import dev.withstack.core.model.Dependency.Condition;
import dev.withstack.core.model.Endpoint.Fixed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds everything that is wrong with a set of services, in one pass over them. */
final class DefinitionCheck {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final int LONGEST_NAME = 40;

    private final String stack;
    private final List<Service> services;
    private final List<String> replaced;
    private final Map<String, Service> byName = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    /** @param replaced the names of services that were to take the place of others */
    DefinitionCheck(String stack, List<Service> services, List<String> replaced) {
        this.stack = stack;
        this.services = services;
        this.replaced = replaced;
    }

    List<Problem> problems() {
        checkName("stack", stack);
        checkReplaced();
        services.forEach(this::checkNameOf);
        services.forEach(this::checkDependenciesOf);
        services.forEach(this::checkAddressesOf);
        checkHostPorts();
        checkCycles();
        return problems;
    }

    private void checkName(String kind, String name) {
        if (!NAME.matcher(name).matches() || name.length() > LONGEST_NAME) {
            problems.add(new Problem(
                    name,
                    "'" + name + "' is no name for a " + kind + ".",
                    "Use lower-case letters, digits and single hyphens, beginning with a letter, at most "
                            + LONGEST_NAME + " characters."));
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
        }
    }

    private void checkDependenciesOf(Service service) {
        for (Dependency dependency : service.dependencies()) {
            Service target = byName.get(dependency.on());
            if (target == null) {
                problems.add(new Problem(
                        service.name(),
                        "needs '" + dependency.on() + "', which the stack does not have.",
                        "Add it, or name one of: " + String.join(", ", byName.keySet()) + "."));
            } else if (dependency.condition() == Condition.HEALTHY
                    && target.probe().isEmpty()) {
                problems.add(new Problem(
                        service.name(),
                        "waits for '" + target.name() + "' to be healthy, but '" + target.name()
                                + "' has no probe that could say so.",
                        "Give it one with probe(..), or depend on it with the condition STARTED."));
            }
        }
    }

    private void checkAddressesOf(Service service) {
        service.environment().forEach((variable, value) -> value.addresses()
                .forEach(address -> checkAddress(service, variable, address)));
    }

    private void checkAddress(Service service, String variable, Value.Address address) {
        Service target = byName.get(address.service());
        if (target == null) {
            if (address.edge() == Value.Edge.NONE) {
                problems.add(new Problem(
                        service.name(),
                        "its variable " + variable + " has the address of '" + address.service()
                                + "', which the stack does not have.",
                        "Add it, or name one of: " + String.join(", ", byName.keySet()) + "."));
            }
            return;
        }
        List<String> endpoints = target.endpoints().stream().map(Endpoint::name).toList();
        if (!endpoints.contains(address.endpoint())) {
            problems.add(new Problem(
                    service.name(),
                    "its variable " + variable + " has the address of the endpoint '" + address.endpoint() + "' of '"
                            + target.name() + "', which has only: " + String.join(", ", endpoints) + ".",
                    "Name one of these, or add it with port(..)."));
        }
    }

    private void checkHostPorts() {
        Map<Integer, String> owners = new HashMap<>();
        for (Service service : services) {
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
