package dev.withstack.core.export;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Network;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.VolumeMount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes a stack as a file for {@code docker stack deploy}, with the secrets in {@code .env}, which the command has to be
 * given as its environment. Replicas are the swarm's own. Deterministic.
 */
public final class SwarmExport {
    /** The file that says what an export is. */
    public static final String FILE = "stack.yaml";
    /** The file with the secrets. */
    public static final String SECRETS = ".env";

    private final StackDefinition definition;
    private final SourceTree sources;
    private final Function<String, List<String>> settings;
    private final SecretNames secrets;
    private final List<Export.Loss> losses = new ArrayList<>();
    private final Map<String, Export.File> files = new LinkedHashMap<>();

    /** @param settings finds the names of the settings that a secret may have come from */
    public SwarmExport(StackDefinition definition, SourceTree sources, Function<String, List<String>> settings) {
        this.definition = definition;
        this.sources = sources;
        this.settings = settings;
        this.secrets = new SecretNames(settings);
    }

    /** Return the files, and what could not be translated. */
    public Export export() {
        Map<String, Object> services = new LinkedHashMap<>();
        Map<String, Object> configs = new LinkedHashMap<>();
        boolean isOrdered = false;
        for (Service service : definition.declared().values()) {
            if (Cluster.isWorkload(service)) {
                SwarmService written = new SwarmService(definition, service, sources, secrets, losses);
                services.put(service.name(), written.tree());
                configs.putAll(written.configs());
                files.putAll(written.files());
                isOrdered |= !service.dependencies().isEmpty();
            } else {
                losses.add(new Export.Loss(service.name(), "is no container of the swarm: run it beside the others."));
            }
        }
        if (isOrdered) {
            losses.add(new Export.Loss(
                    definition.name(),
                    "starts in no order: what is not there yet has to be asked again, or fails and is started again."));
        }
        Map<String, Object> tree = Trees.mapOf("version", "3.9", "services", services);
        Trees.put(tree, "networks", networks());
        Trees.put(tree, "volumes", volumes());
        Trees.put(tree, "configs", configs);
        Map<String, Export.File> all = new LinkedHashMap<>();
        all.put(FILE, new Export.File(Export.head(definition.id()) + Yaml.text(tree), Export.Readers.EVERYBODY));
        // a shell reads it
        all.putAll(secrets.file(definition.id(), SECRETS, value -> value.replace("'", "'\\''")));
        all.putAll(files);
        addBase(all);
        return new Export(all, losses);
    }

    private Map<String, Object> networks() {
        Map<String, Object> networks = new LinkedHashMap<>();
        for (Network network : definition.declaredNetworks()) {
            networks.put(network.name(), network(network));
        }
        if (networks.isEmpty()) {
            Map<String, Object> own = Trees.mapOf("driver", "overlay");
            if (definition.id().environment() == Environment.BASE) {
                own.put("name", definition.id().prefix());
                own.put("attachable", true);
            }
            networks.put("default", own);
        }
        definition
                .base()
                .ifPresent(base -> networks.put(
                        ComposeExport.OF_BASE,
                        Trees.mapOf("name", base.networks().get(0), "external", true)));
        return networks;
    }

    private static Map<String, Object> network(Network network) {
        return switch (network.kind()) {
            case OPEN -> Trees.mapOf("driver", "overlay");
            case INTERNAL -> Trees.mapOf("driver", "overlay", "internal", true);
            case OUTSIDE -> ComposeSetup.network(network);
        };
    }

    private Map<String, Object> volumes() {
        Map<String, Object> volumes = new LinkedHashMap<>();
        for (Service service : definition.declared().values()) {
            for (VolumeMount mount : service.volumes()) {
                volumes.put(mount.volume(), Trees.mapOf("name", mount.nameIn(definition.id())));
            }
        }
        return volumes;
    }

    private void addBase(Map<String, Export.File> all) {
        definition.base().ifPresent(base -> {
            SourceTree beside =
                    new SourceTree(sources.project(), sources.target().resolve("base"));
            Export ofBase = new SwarmExport(base, beside, settings).export();
            ofBase.files().forEach((path, file) -> all.put("base/" + path, file));
            losses.addAll(ofBase.losses());
            losses.add(new Export.Loss(
                    definition.name(),
                    "stands on a base, a stack of its own: deploy that first, from base/. Databases and buckets of this"
                            + " environment are not made in it."));
        });
    }
}
