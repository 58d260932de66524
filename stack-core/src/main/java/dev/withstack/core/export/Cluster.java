package dev.withstack.core.export;

import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What all manifests of one stack share: its names in the cluster, its secrets, what was lost on the way, and the files that
 * the customization makes configuration from. Used by one thread.
 */
final class Cluster implements AddressBook {
    /** The secret with what settings hold. */
    static final String SECRETS = "settings";

    private static final String PREFIX = "withstack.dev/";

    private final Draft draft;
    private final StackDefinition definition;
    private final Map<String, Map<String, String>> configuration = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> secretFiles = new LinkedHashMap<>();

    Cluster(Draft draft) {
        this.draft = draft;
        this.definition = draft.definition();
    }

    StackDefinition definition() {
        return definition;
    }

    SourceTree sources() {
        return draft.sources();
    }

    SecretNames secrets() {
        return draft.secrets();
    }

    String namespace() {
        return definition.id().prefix();
    }

    void lose(String subject, String what) {
        draft.lose(subject, what);
    }

    /** Return the services that become workloads, each once, however many there are of it. */
    List<Service> workloads() {
        List<Service> workloads = new ArrayList<>();
        definition.declared().values().stream().filter(Cluster::isWorkload).forEach(workloads::add);
        return workloads;
    }

    static boolean isWorkload(Service service) {
        return service.source() instanceof Source.Image || service.source() instanceof Source.Build;
    }

    /** Return what selects the pods of the service. */
    static Map<String, Object> selector(Service service) {
        return Trees.mapOf("app.kubernetes.io/name", service.name());
    }

    /** Return the label by which a pod is on a network. */
    static String onNetwork(String network) {
        return PREFIX + "network-" + network;
    }

    /** Return the label of a namespace by which a base knows those that stand on it. */
    static String ofStack() {
        return PREFIX + "stack";
    }

    Map<String, Object> labels(Service service) {
        Map<String, Object> labels = selector(service);
        labels.put("app.kubernetes.io/part-of", definition.name());
        labels.put("app.kubernetes.io/managed-by", "withstack");
        return labels;
    }

    Map<String, Object> metadata(String name, Map<String, Object> labels) {
        return Trees.mapOf("name", name, "namespace", namespace(), "labels", labels);
    }

    /** Add a file to the configuration of a service; return the key that it has there. */
    String configure(String service, String path, String text) {
        return add(configuration, Export.Readers.EVERYBODY, "files/", service, path, text);
    }

    /** Add a file that holds secrets; return the key that it has there. */
    String hide(String service, String path, String text) {
        return add(secretFiles, Export.Readers.OWNER, "secret-files/", service, path, text);
    }

    private String add(
            Map<String, Map<String, String>> to,
            Export.Readers readers,
            String directory,
            String service,
            String path,
            String text) {
        String key = path.substring(1).replaceAll("[^A-Za-z0-9._-]", "_");
        String file = directory + service + "/" + key;
        draft.add(file, new Export.File(text, readers));
        to.computeIfAbsent(service, name -> new LinkedHashMap<>()).put(key, file);
        return key;
    }

    /** Return the files of each service's configuration, by their keys. */
    Map<String, Map<String, String>> configuration() {
        return configuration;
    }

    /** Return the files of each service's own secret, by their keys. */
    Map<String, Map<String, String>> secretFiles() {
        return secretFiles;
    }

    /** Return the service as it was declared, of the stack or of its base. */
    Service declared(String name) {
        StackDefinition owner = owner(name);
        Service service = owner.declared().get(name);
        return service == null ? owner.service(name) : service;
    }

    private StackDefinition owner(String service) {
        boolean isOfBase = !definition.declared().containsKey(service)
                && definition
                        .base()
                        .filter(base -> base.declared().containsKey(service))
                        .isPresent();
        return isOfBase ? definition.base().orElseThrow() : definition;
    }

    @Override
    public HostAndPort find(String serviceName, String endpointName) {
        StackDefinition owner = owner(serviceName);
        Service service = declared(serviceName);
        Endpoint endpoint = service.endpoint(endpointName);
        if (service.source() instanceof Source.External external) {
            return external.address(service.endpoints().indexOf(endpoint));
        }
        String host = owner.equals(definition)
                ? serviceName
                : serviceName + "." + owner.id().prefix();
        return new HostAndPort(host, endpoint.port());
    }
}
