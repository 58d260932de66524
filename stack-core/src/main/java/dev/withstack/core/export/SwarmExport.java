package dev.withstack.core.export;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Network;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.VolumeMount;
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

    private final Draft draft;
    private final StackDefinition definition;

    /** @param settings finds the names of the settings that a secret may have come from */
    public SwarmExport(StackDefinition definition, SourceTree sources, Function<String, List<String>> settings) {
        this(new Draft(definition, sources, settings));
    }

    private SwarmExport(Draft draft) {
        this.draft = draft;
        this.definition = draft.definition();
    }

    /** Return the files, and what could not be translated. */
    public Export export() {
        Map<String, Object> services = new LinkedHashMap<>();
        Map<String, Object> configs = new LinkedHashMap<>();
        Map<String, Object> secrets = new LinkedHashMap<>();
        for (Service service : definition.declared().values()) {
            if (Cluster.isWorkload(service)) {
                SwarmFiles files = new SwarmFiles(draft, service);
                services.put(service.name(), new SwarmService(draft, service).tree(files.keys()));
                configs.putAll(files.configs());
                secrets.putAll(files.secrets());
            } else {
                draft.lose(service.name(), "is no container of the swarm: run it beside the others.");
            }
        }
        loseOfAll();
        Map<String, Object> tree = Trees.mapOf("version", "3.9", "services", services);
        Trees.put(tree, "networks", networks());
        Trees.put(tree, "volumes", volumes());
        Trees.put(tree, "configs", configs);
        Trees.put(tree, "secrets", secrets);
        Map<String, Export.File> first = new LinkedHashMap<>();
        first.put(FILE, Export.main(definition.id(), Yaml.text(tree)));
        // a shell reads it
        first.putAll(draft.secrets().file(definition.id(), SECRETS, value -> value.replace("'", "'\\''")));
        draft.loseNamesOnBase();
        draft.addBase(
                base -> new SwarmExport(base).export(),
                "stands on a base, a stack of its own: deploy that first, from base/.");
        return draft.export(first);
    }

    private void loseOfAll() {
        List<Service> tasks = definition.declared().values().stream()
                .filter(Cluster::isWorkload)
                .toList();
        if (tasks.stream().anyMatch(service -> !service.dependencies().isEmpty())) {
            draft.lose(
                    "starts in no order: what is not there yet has to be asked again, or fails and is started again.");
        }
        if (tasks.stream().anyMatch(service -> service.limits().memoryBytes().isPresent())) {
            draft.lose("may swap as much again as its limits of memory let it have: a swarm limits no swap.");
        }
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
        definition.base().ifPresent(base -> networks.put(ComposeExport.OF_BASE, ComposeExport.ofBase(base)));
        return networks;
    }

    private Map<String, Object> network(Network network) {
        return switch (network.kind()) {
            case OPEN -> Trees.mapOf("driver", "overlay");
            case INTERNAL -> Trees.mapOf("driver", "overlay", "internal", true);
            case OUTSIDE -> ComposeSetup.network(network, definition.id());
        };
    }

    private Map<String, Object> volumes() {
        Map<String, Object> volumes = new LinkedHashMap<>();
        for (Service service : definition.declared().values()) {
            for (VolumeMount mount : service.volumes()) {
                volumes.put(
                        mount.volume(),
                        ComposeSetup.volume(mount.nameIn(definition.id()), mount.driver(), draft.sources()));
            }
        }
        return volumes;
    }
}
