package dev.withstack.core.export;

import dev.withstack.core.model.Network;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.VolumeMount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes a stack as manifests for Kubernetes 1.29 or newer, in a namespace of its own, to be applied with
 * {@code kubectl apply -k}: nothing in them needs more than the restricted pod security standard allows. Secrets stand in
 * a file of their own, from which the customization makes a Secret. Deterministic.
 */
public final class KubernetesExport {
    /** The file that says what an export is. */
    public static final String FILE = "kustomization.yaml";
    /** The file with the secrets. */
    public static final String SECRETS = "secrets.env";

    /** What a volume asks for; the definition does not say how much it needs. */
    private static final String SIZE = "10Gi";

    private final Draft draft;
    private final StackDefinition definition;
    private final SecretNames secrets;
    private final Cluster cluster;

    /** @param settings finds the names of the settings that a secret may have come from */
    public KubernetesExport(StackDefinition definition, SourceTree sources, Function<String, List<String>> settings) {
        this(new Draft(definition, sources, settings));
    }

    private KubernetesExport(Draft draft) {
        this.draft = draft;
        this.definition = draft.definition();
        this.secrets = draft.secrets();
        this.cluster = new Cluster(draft);
    }

    /** Return the files, and what could not be translated. */
    public Export export() {
        Map<String, List<Map<String, Object>>> manifests = new LinkedHashMap<>();
        manifests.put("namespace.yaml", List.of(namespace()));
        for (Service service : definition.declared().values()) {
            if (Cluster.isWorkload(service)) {
                manifests.put(service.name() + ".yaml", new Workload(cluster, service).manifests());
            } else {
                loseElsewhere(service);
            }
        }
        manifests.put("volumes.yaml", claims());
        for (Network network : definition.declaredNetworks()) {
            switch (network.kind()) {
                case OPEN -> {}
                case INTERNAL -> draft.lose("has a way out of the network '" + network.name() + "' in a cluster.");
                case OUTSIDE ->
                    draft.lose("meets nobody else on the network '" + network.name() + "': a namespace has its own.");
            }
        }
        Ingresses ingresses = new Ingresses(cluster);
        manifests.put("ingress.yaml", ingresses.ingress());
        manifests.put("network-policies.yaml", ingresses.policies());
        manifests.values().removeIf(List::isEmpty);
        if (cluster.workloads().stream()
                .anyMatch(service -> service.logRotation().isPresent())) {
            draft.lose("has its logs kept as the nodes keep them, not as it says.");
        }
        Map<String, Export.File> first = files(manifests);
        draft.addBase(
                base -> new KubernetesExport(base).export(),
                "stands on a base in a namespace of its own, whose servers find no service of this environment: bring that"
                        + " up first, from base/.");
        return draft.export(first);
    }

    private Map<String, Export.File> files(Map<String, List<Map<String, Object>>> manifests) {
        Map<String, Export.File> files = new LinkedHashMap<>();
        files.put(FILE, Export.main(definition.id(), Yaml.text(customization(manifests.keySet()))));
        manifests.forEach((name, documents) ->
                files.put(name, everybody(documents.stream().map(Yaml::text).collect(Collectors.joining("---\n")))));
        if (!secrets.values().isEmpty()) {
            StringBuilder text = new StringBuilder(Export.headOfSecrets(definition.id()));
            secrets.values().forEach((name, value) -> {
                if (value.contains("\n")) {
                    draft.lose("has more than one line in " + name + ", of which " + SECRETS + " takes the first.");
                }
                text.append(name)
                        .append('=')
                        .append(value.lines().findFirst().orElse(""))
                        .append('\n');
            });
            files.put(SECRETS, new Export.File(text.toString(), Export.Readers.OWNER));
        }
        return files;
    }

    private static Export.File everybody(String text) {
        return new Export.File(text, Export.Readers.EVERYBODY);
    }

    private void loseElsewhere(Service service) {
        if (service.source() instanceof Source.Process) {
            draft.lose(service.name(), "is a process of the host: give it a Dockerfile to run it in a cluster.");
        } else if (service.source() instanceof Source.Provided provided) {
            draft.lose(
                    service.name(),
                    "is a " + provided.type() + " made in Java: declare it from its image to export it.");
        }
    }

    private Map<String, Object> namespace() {
        return Trees.mapOf(
                "apiVersion",
                "v1",
                "kind",
                "Namespace",
                "metadata",
                Trees.mapOf(
                        "name",
                        cluster.namespace(),
                        "labels",
                        Trees.mapOf(
                                Cluster.ofStack(),
                                definition.name(),
                                "pod-security.kubernetes.io/enforce",
                                "restricted",
                                "pod-security.kubernetes.io/warn",
                                "restricted")));
    }

    private List<Map<String, Object>> claims() {
        Map<String, List<String>> users = new LinkedHashMap<>();
        for (Service service : cluster.workloads()) {
            for (VolumeMount volume : service.volumes()) {
                List<String> names = users.computeIfAbsent(PodFiles.claimName(volume), name -> new ArrayList<>());
                if (names.isEmpty() && !volume.driver().equals(VolumeMount.Driver.USUAL)) {
                    cluster.lose(
                            service.name(),
                            "keeps '" + volume.volume() + "' where the driver '"
                                    + volume.driver().name()
                                    + "' has it: give its claim a volume or a class of your own.");
                }
                if (!names.contains(service.name())) {
                    names.add(service.name());
                }
            }
        }
        List<Map<String, Object>> claims = new ArrayList<>();
        users.forEach((name, services) -> {
            if (services.size() > 1) {
                draft.lose("shares the volume '" + name + "' among " + String.join(", ", services)
                        + ": the cluster's storage has to let many nodes write (ReadWriteMany).");
            }
            String mode = services.size() > 1 ? "ReadWriteMany" : "ReadWriteOnce";
            claims.add(Trees.mapOf(
                    "apiVersion",
                    "v1",
                    "kind",
                    "PersistentVolumeClaim",
                    "metadata",
                    cluster.metadata(name, Trees.mapOf("app.kubernetes.io/part-of", definition.name())),
                    "spec",
                    Trees.mapOf(
                            "accessModes",
                            List.of(mode),
                            "resources",
                            Trees.mapOf("requests", Trees.mapOf("storage", SIZE)))));
        });
        return claims;
    }

    private Map<String, Object> customization(Set<String> resources) {
        Map<String, Object> customization = Trees.mapOf(
                "apiVersion",
                "kustomize.config.k8s.io/v1beta1",
                "kind",
                "Kustomization",
                "namespace",
                cluster.namespace(),
                "resources",
                List.copyOf(resources));
        List<Object> images = new ArrayList<>();
        Set<String> built = new LinkedHashSet<>();
        for (Service service : cluster.workloads()) {
            if (service.source() instanceof Source.Build build) {
                built.add(BuiltImage.of(definition, service, build).name());
            }
        }
        built.forEach(name -> images.add(Trees.mapOf("name", name, "newTag", "latest")));
        Trees.put(customization, "images", images);
        List<Object> configuration = new ArrayList<>();
        cluster.configuration()
                .forEach((service, files) -> configuration.add(generated(service + "-files", "files", files)));
        Trees.put(customization, "configMapGenerator", configuration);
        List<Object> hidden = new ArrayList<>();
        if (!secrets.values().isEmpty()) {
            hidden.add(Trees.mapOf("name", Cluster.SECRETS, "envs", List.of(SECRETS)));
        }
        cluster.secretFiles()
                .forEach((service, files) -> hidden.add(generated(service + "-secret-files", "files", files)));
        Trees.put(customization, "secretGenerator", hidden);
        return customization;
    }

    private static Map<String, Object> generated(String name, String key, Map<String, String> files) {
        return Trees.mapOf(
                "name",
                name,
                key,
                files.entrySet().stream()
                        .map(file -> file.getKey() + "=" + file.getValue())
                        .toList());
    }
}
