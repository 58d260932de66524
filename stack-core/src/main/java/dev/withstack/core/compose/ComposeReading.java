package dev.withstack.core.compose;

import dev.withstack.core.compose.Item.Fields;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.Network;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a project's Compose files into a definition. Used once, by one thread. */
final class ComposeReading {
    private static final String DEFAULT = "default";

    private final Path project;
    private final List<Path> files;
    private final Set<String> profiles;
    private final Settings settings;
    private final Findings findings = new Findings();

    /**
     * @param project where relative paths begin
     * @param profiles that are asked for
     */
    ComposeReading(Path project, List<Path> files, Set<String> profiles, Settings settings) {
        this.project = project;
        this.files = files;
        this.profiles = profiles;
        this.settings = settings;
    }

    /**
     * Return the definition; what should be known is remarked to the settings.
     *
     * @throws InvalidDefinitionException with all that can't be kept, or read
     */
    StackDefinition definition(String stack) {
        String file = files.get(0).getFileName().toString();
        Variables variables = new Variables(settings, findings, Variables.References.VALUES);
        StringBuilder open = new StringBuilder(stack);
        try {
            Whole whole = whole(variables);
            open.append(whole.open());
            whole.check();
            StackDefinition.Builder builder = StackDefinition.of(stack, settings.environment());
            List<Service> services = services(whole);
            addNetworks(whole, builder);
            services.forEach(builder::add);
            findings.warnings().forEach(settings::remark);
            findings.throwErrors(file);
            return builder.build();
        } finally {
            hide(variables.secrets(), open.toString());
        }
    }

    /** A word that is shown as a name all the time is no secret, and masking it would make holes in all that is said. */
    private void hide(Map<String, String> secrets, String open) {
        secrets.forEach((name, secret) -> {
            if (!open.contains(secret)) {
                settings.hide(name, secret);
            }
        });
    }

    /**
     * Return the services with marks in place of references, by name: of use for their texts alone, as no mark is a
     * number or a port. To be called instead of the definition.
     */
    Map<String, Service> marked() {
        Map<String, Service> marked = new LinkedHashMap<>();
        Variables variables = new Variables(settings, findings, Variables.References.MARKS);
        services(whole(variables)).forEach(service -> marked.put(service.name(), service));
        return marked;
    }

    private Whole whole(Variables variables) {
        Fields tree = new ComposeProject(project, findings).load(files, variables);
        return new Whole(tree, project, settings, variables, findings);
    }

    private List<Service> services(Whole whole) {
        Set<String> runsOnce = new LinkedHashSet<>();
        Map<String, String> linkNames = new LinkedHashMap<>();
        whole.serviceParts().values().forEach(part -> {
            runsOnce.addAll(Edges.completedFor(part));
            linkNames.putAll(Edges.linkNames(part));
        });
        Map<String, Service> services = new LinkedHashMap<>();
        whole.serviceParts().forEach((name, part) -> {
            Service service = onNetworks(whole, part, new ServiceReading(part, whole).service(runsOnce, profiles));
            String link = linkNames.get(name);
            services.put(service.name(), link == null ? service : service.alias(link));
        });
        whole.serviceParts().values().forEach(part -> part.parts("depends_on")
                .values()
                .forEach(dependency -> checkHealthy(whole, part, dependency, services)));
        return new ArrayList<>(services.values());
    }

    /** What is waited for has to have a way to show that it is healthy; a port that others use is one. */
    private void checkHealthy(Whole whole, Part part, Part dependency, Map<String, Service> services) {
        boolean isAsked = dependency.text("condition").orElse("").equals("service_healthy");
        Service target = services.get(whole.services().ours(dependency.name()));
        boolean isLeftToImage = target != null && target.probe().orElse(null) instanceof Probe.OfImage;
        if (!isAsked || target == null || (target.probe().isPresent() && !isLeftToImage)) {
            return;
        }
        Optional<Endpoint> endpoint = target.endpoints().stream().findFirst();
        if (endpoint.isEmpty() && isLeftToImage) {
            services.put(target.name(), target.probe(new Probe.OfImage(Probe.OfImage.Otherwise.NOTHING)));
        } else if (endpoint.isEmpty()) {
            findings.error(
                    dependency.place(),
                    "'" + part.name() + "' waits for '" + dependency.name()
                            + "' to be healthy, which has neither a health check nor a port.",
                    "Give it a 'healthcheck', or 'expose' the port that it answers on.");
        } else {
            services.put(
                    target.name(),
                    target.probe(new Probe.Inferred(endpoint.get().name())));
        }
    }

    /** A service that names no network is on the one that all projects have. */
    private static Service onNetworks(Whole whole, Part part, Service service) {
        if (!declaresNetworks(whole) || HostReading.isElsewhere(part)) {
            return service;
        }
        Map<String, Part> names = part.parts("networks");
        List<String> ours = names.isEmpty()
                ? List.of(DEFAULT)
                : names.values().stream().map(name -> network(whole, name)).toList();
        return service.networks(ours.toArray(String[]::new));
    }

    private static String network(Whole whole, Part name) {
        if (!name.name().equals(DEFAULT) && !whole.networks().has(name.name())) {
            whole.findings()
                    .error(
                            name.place(),
                            "the network '" + name.name() + "' is not declared.",
                            "Declare it at the top, under 'networks'.");
        }
        return whole.networks().ours(name.name());
    }

    private static boolean declaresNetworks(Whole whole) {
        return !usedNetworks(whole).equals(Set.of(DEFAULT)) || whole.networks().has(DEFAULT);
    }

    private static Set<String> usedNetworks(Whole whole) {
        Set<String> used = new LinkedHashSet<>();
        whole.serviceParts().values().forEach(part -> {
            Set<String> names = part.parts("networks").keySet();
            if (!HostReading.isElsewhere(part)) {
                used.addAll(names.isEmpty() ? Set.of(DEFAULT) : names);
            }
        });
        return used;
    }

    private static void addNetworks(Whole whole, StackDefinition.Builder builder) {
        if (!declaresNetworks(whole)) {
            return;
        }
        Map<String, Part> parts = whole.networkParts();
        for (String name : usedNetworks(whole)) {
            String ours = whole.networks().ours(name);
            builder.network(Optional.ofNullable(parts.get(name))
                    .map(part -> whole.network(ours, part))
                    .orElseGet(() -> new Network(ours, "")));
        }
    }
}
