package dev.withstack.core.export;

import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Network;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.VolumeMount;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes a stack as files for Docker Compose 2.24 or newer: {@code compose.yaml}, the secrets in {@code .env}, and the
 * files that are generated for containers. Volumes keep their names, so that the data is found again; a base becomes a
 * project of its own, in {@code base/}. Deterministic.
 *
 * @see <a href="https://github.com/compose-spec/compose-spec/blob/main/spec.md">the Compose specification</a>
 */
public final class ComposeExport {
    /** The file that says what an export is. */
    public static final String FILE = "compose.yaml";
    /** The file with the secrets. */
    public static final String SECRETS = ".env";

    /** The name within the file of a network that is the base's. */
    static final String OF_BASE = "base";

    private final Draft draft;
    private final StackDefinition definition;

    /** @param settings finds the names of the settings that a secret may have come from */
    public ComposeExport(StackDefinition definition, SourceTree sources, Function<String, List<String>> settings) {
        this(new Draft(definition, sources, settings));
    }

    private ComposeExport(Draft draft) {
        this.draft = draft;
        this.definition = draft.definition();
    }

    /** Return the files, and what could not be translated. */
    public Export export() {
        Map<String, Object> services = new LinkedHashMap<>();
        Map<String, Object> configs = new LinkedHashMap<>();
        for (Service service : definition.services().values()) {
            if (isContainer(service)) {
                service.dependencies().forEach(dependency -> loseHealth(service, dependency));
                ComposeFiles files = new ComposeFiles(draft, service);
                services.put(service.name(), new ComposeService(draft, service).tree(files.keys()));
                configs.putAll(files.configs());
            }
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", definition.id().prefix());
        tree.put("services", services);
        Trees.put(tree, "networks", networks());
        Trees.put(tree, "volumes", volumes());
        Trees.put(tree, "configs", configs);
        Map<String, Export.File> first = new LinkedHashMap<>();
        first.put(FILE, Export.main(definition.id(), Yaml.text(tree)));
        first.putAll(draft.secrets().file(definition.id(), SECRETS, value -> value.replace("'", "\\'")));
        draft.loseNamesOnBase();
        draft.addBase(
                base -> new ComposeExport(base).export(),
                "stands on a base, a project of its own: bring it up first, with --wait, from base/.");
        return draft.export(first);
    }

    /** What can't be a container of Compose is left to whoever runs it. */
    private boolean isContainer(Service service) {
        if (service.source() instanceof Source.Process) {
            draft.lose(service.name(), "is a process of the host: run it beside the containers.");
            return false;
        }
        if (service.source() instanceof Source.External) {
            draft.lose(service.name(), "runs elsewhere: nobody checks that it answers before the others start.");
            return false;
        }
        if (service.source() instanceof Source.Provided provided) {
            draft.lose(
                    service.name(),
                    "is a " + provided.type() + " made in Java: declare it from its image to export it.");
            return false;
        }
        return true;
    }

    private void loseHealth(Service service, Dependency dependency) {
        Service other = definition.services().get(dependency.on());
        if (other != null && ComposeService.isWritten(other) && ComposeService.isHealthUnknown(dependency, other)) {
            draft.lose(
                    service.name(),
                    "waits until '" + other.name() + "' is started, not until it is healthy: its image has no means"
                            + " for a health check.");
        }
    }

    private Map<String, Object> networks() {
        Map<String, Object> networks = new LinkedHashMap<>();
        for (Network network : definition.declaredNetworks()) {
            networks.put(network.name(), ComposeSetup.network(network, definition.id()));
        }
        if (definition.id().environment() == Environment.BASE && networks.isEmpty()) {
            // those who stand on it find it by its name
            networks.put("default", Map.of("name", definition.id().prefix()));
        }
        definition.base().ifPresent(base -> networks.put(OF_BASE, ofBase(base)));
        return networks;
    }

    /** Return the network of a base, for those who stand on it. */
    static Map<String, Object> ofBase(StackDefinition base) {
        return Trees.mapOf("name", base.networks().get(0), "external", true);
    }

    private Map<String, Object> volumes() {
        Map<String, Object> volumes = new LinkedHashMap<>();
        for (Service service : definition.services().values()) {
            for (VolumeMount mount : service.volumes()) {
                volumes.put(
                        mount.volume(),
                        ComposeSetup.volume(mount.nameIn(definition.id()), mount.driver(), draft.sources()));
            }
        }
        return volumes;
    }
}
