package dev.withstack.core.profile;

import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.settings.Asked;
import dev.withstack.core.settings.Settings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out which settings a stack has: those that its definition asks for, with what its profile says of them, and those
 * that every service has.
 */
public final class Variables {
    /** The topic of the settings that every service has. */
    public static final String OF_SERVICES = "Ports, images and limits of the services";

    private final Map<String, Variable> found = new LinkedHashMap<>();

    private Variables() {}

    /** Return the settings of the stack in the environment: as explained, then those of the services, then the rest. */
    public static List<Variable> of(StackProfile profile, Environment environment) {
        Settings settings = Settings.none(environment);
        Optional<StackDefinition> definition = sketch(profile, settings);
        Variables variables = new Variables();
        variables.addExplained(settings.asked(), profile.explanations());
        definition.ifPresent(variables::addOfServices);
        settings.asked().forEach(one -> variables.add(new Variable("Others", one.name(), "", one.kind(), one.usual())));
        return List.copyOf(variables.found.values());
    }

    /** A file that demands variables says which, though it is no stack without them. */
    private static Optional<StackDefinition> sketch(StackProfile profile, Settings settings) {
        try {
            profile.define(settings.environment(), settings);
            return Optional.of(Profiles.sketch(profile, Settings.none(settings.environment())));
        } catch (InvalidDefinitionException e) {
            if (settings.asked().isEmpty()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Return the settings that the services of the stack and of its base have, with what the definition says for usual. */
    public static List<Variable> ofServices(StackDefinition definition) {
        Variables variables = new Variables();
        variables.addOfServices(definition);
        return List.copyOf(variables.found.values());
    }

    /** Return those that the file of the environment may set: what belongs to a base stands in the file that all read. */
    static List<Variable> ofFile(StackProfile profile, Environment environment) {
        List<Variable> all = of(profile, environment);
        if (environment == Environment.DEV || !profile.hasBase()) {
            return all;
        }
        List<String> ofBase =
                of(profile, Environment.BASE).stream().map(Variable::name).toList();
        return all.stream()
                .filter(variable -> !ofBase.contains(variable.name()))
                .toList();
    }

    /** What is asked for in other environments only does nothing in this one, and is left out. */
    private void addExplained(List<Asked> asked, Explanations explanations) {
        Map<String, Asked> byName = new LinkedHashMap<>();
        asked.forEach(one -> byName.put(one.name(), one));
        explanations.byName().forEach((name, explanation) -> Optional.ofNullable(byName.get(name))
                .ifPresent(one ->
                        add(new Variable(explanation.topic(), name, explanation.meaning(), one.kind(), one.usual()))));
    }

    private void addOfServices(StackDefinition definition) {
        definition.base().ifPresent(base -> base.declared().values().forEach(this::addOfService));
        definition.declared().values().forEach(this::addOfService);
    }

    /** What {@link Overrides} lets a user change. */
    private void addOfService(Service service) {
        if (service.source() instanceof Source.External) {
            return;
        }
        for (Endpoint endpoint : service.endpoints()) {
            String usual =
                    endpoint.publication() instanceof Endpoint.Fixed fixed ? Integer.toString(fixed.hostPort()) : "";
            String unpublished = usual.isEmpty() ? "; it is not published unless set" : "";
            add(new Variable(
                    OF_SERVICES,
                    service.portVariable(endpoint),
                    "Port of this machine for " + service.name() + " (" + endpoint.name() + ")" + unpublished + ".",
                    Asked.Kind.PLAIN,
                    usual,
                    service.portVariables(endpoint)));
        }
        if (service.source() instanceof Source.Process) {
            return;
        }
        addPlain(
                service.variable("IMAGE"), "Image that " + service.name() + " runs" + instead(service), image(service));
        addPlain(
                service.variable("CPUS"),
                "How many CPUs " + service.name() + " may use, such as 0.5.",
                service.limits().cpus().map(Variables::number).orElse(""));
        addPlain(
                service.variable("MEMORY"),
                "How much memory " + service.name() + " may use, such as 512m.",
                service.limits().memoryBytes().map(Variables::size).orElse(""));
        service.replicas()
                .ifPresent(replicas -> addPlain(
                        service.variable("REPLICAS"),
                        "How many there are of " + service.name() + ".",
                        Integer.toString(replicas.number())));
    }

    private void addPlain(String name, String meaning, String usual) {
        add(new Variable(OF_SERVICES, name, meaning, Asked.Kind.PLAIN, usual));
    }

    private void add(Variable variable) {
        found.putIfAbsent(variable.name(), variable);
    }

    private static String instead(Service service) {
        return service.source() instanceof Source.Build build
                ? ", instead of the one built from " + build.directory() + "/."
                : ".";
    }

    private static String image(Service service) {
        return service.source() instanceof Source.Image image ? image.reference() : "";
    }

    private static String number(double cpus) {
        return cpus == Math.rint(cpus) ? Long.toString((long) cpus) : Double.toString(cpus);
    }

    private static String size(long bytes) {
        long mega = bytes >> 20;
        return mega % 1024 == 0 ? mega / 1024 + "g" : mega + "m";
    }

    /** Return the names of those that nobody has explained. */
    public static List<String> unexplained(Collection<Variable> variables) {
        List<String> names = new ArrayList<>();
        variables.stream().filter(variable -> !variable.isExplained()).forEach(variable -> names.add(variable.name()));
        return names;
    }
}
