package dev.withstack.core.export;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Network;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.VolumeMount;
import java.util.ArrayList;
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

    private final StackDefinition definition;
    private final SourceTree sources;
    private final Function<String, List<String>> settings;
    private final SecretNames secrets;
    private final Map<String, Export.File> files = new LinkedHashMap<>();
    private final List<Export.Loss> losses = new ArrayList<>();

    /** @param settings finds the names of the settings that a secret may have come from */
    public ComposeExport(StackDefinition definition, SourceTree sources, Function<String, List<String>> settings) {
        this.definition = definition;
        this.sources = sources;
        this.settings = settings;
        this.secrets = new SecretNames(settings);
    }

    /** Return the files, and what could not be translated. */
    public Export export() {
        Map<String, Object> services = new LinkedHashMap<>();
        Map<String, Object> configs = new LinkedHashMap<>();
        for (Service service : definition.services().values()) {
            if (isContainer(service)) {
                ComposeService written = new ComposeService(definition, service, sources, secrets, losses);
                services.put(service.name(), written.tree());
                configs.putAll(written.configs());
                files.putAll(written.files());
            }
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", definition.id().prefix());
        tree.put("services", services);
        Trees.put(tree, "networks", networks());
        Trees.put(tree, "volumes", volumes());
        Trees.put(tree, "configs", configs);
        Map<String, Export.File> all = new LinkedHashMap<>();
        all.put(FILE, new Export.File(Export.head(definition.id()) + Yaml.text(tree), Export.Readers.EVERYBODY));
        all.putAll(secrets.file(definition.id(), SECRETS, value -> value.replace("'", "\\'")));
        all.putAll(files);
        exportBase(all);
        return new Export(all, losses);
    }

    /** What can't be a container of Compose is left to whoever runs it. */
    private boolean isContainer(Service service) {
        if (service.source() instanceof Source.Process) {
            lose(service.name(), "is a process of the host: run it beside the containers.");
            return false;
        }
        if (service.source() instanceof Source.External) {
            lose(service.name(), "runs elsewhere: nobody checks that it answers before the others start.");
            return false;
        }
        if (service.source() instanceof Source.Provided provided) {
            lose(service.name(), "is a " + provided.type() + " made in Java: declare it from its image to export it.");
            return false;
        }
        return true;
    }

    private void exportBase(Map<String, Export.File> all) {
        definition.base().ifPresent(base -> {
            Export ofBase = new ComposeExport(
                            base,
                            new SourceTree(sources.project(), sources.target().resolve("base")),
                            settings)
                    .export();
            ofBase.files().forEach((path, file) -> all.put("base/" + path, file));
            losses.addAll(ofBase.losses());
            lose(
                    definition.name(),
                    "stands on a base, a project of its own: bring it up first, with --wait, from base/. Databases and"
                            + " buckets of this environment are not made in it.");
        });
    }

    private void lose(String subject, String what) {
        losses.add(new Export.Loss(subject, what));
    }

    private Map<String, Object> networks() {
        Map<String, Object> networks = new LinkedHashMap<>();
        for (Network network : definition.declaredNetworks()) {
            networks.put(network.name(), ComposeSetup.network(network));
        }
        if (definition.id().environment() == Environment.BASE && networks.isEmpty()) {
            // those who stand on it find it by its name
            networks.put("default", Map.of("name", definition.id().prefix()));
        }
        definition
                .base()
                .ifPresent(
                        base -> networks.put(OF_BASE, external(base.networks().get(0))));
        return networks;
    }

    private static Map<String, Object> external(String name) {
        Map<String, Object> network = new LinkedHashMap<>();
        network.put("name", name);
        network.put("external", true);
        return network;
    }

    private Map<String, Object> volumes() {
        Map<String, Object> volumes = new LinkedHashMap<>();
        for (Service service : definition.services().values()) {
            for (VolumeMount mount : service.volumes()) {
                volumes.put(mount.volume(), Map.of("name", mount.nameIn(definition.id())));
            }
        }
        return volumes;
    }
}
