package dev.withstack.core.export;

import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Hardening;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Setup;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The pod of a service, within what the restricted policy allows: no root, no capabilities, no files of the host.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-standards/">the policy</a>
 */
final class PodTemplate {
    /** Something small with a shell and {@code nc}, for what waits. */
    private static final String WAITER = "busybox:1.36";

    private static final int ANYBODY = 1000;
    /** Ports below are root's, unless the pod says otherwise, which the restricted policy lets it. */
    private static final int FIRST_FOR_ANYBODY = 1024;

    private final Cluster cluster;
    private final Service service;

    PodTemplate(Cluster cluster, Service service) {
        this.cluster = cluster;
        this.service = service;
    }

    Map<String, Object> template() {
        Map<String, Object> labels = cluster.labels(service);
        networks().forEach(network -> labels.put(Cluster.onNetwork(network), "true"));
        Map<String, Object> metadata = Trees.mapOf("labels", labels);
        Trees.put(metadata, "annotations", service.setup().labels());
        return Trees.mapOf("metadata", metadata, "spec", spec());
    }

    private List<String> networks() {
        StackDefinition definition = cluster.definition();
        return definition.declaredNetworks().stream()
                .map(network -> network.name())
                .filter(name ->
                        service.networks().isEmpty() || service.networks().contains(name))
                .toList();
    }

    private Map<String, Object> spec() {
        PodFiles files = new PodFiles(cluster, service);
        Map<String, Object> spec = new LinkedHashMap<>();
        // the addresses of services as variables would take the place of the stack's own, such as REDIS_PORT
        spec.put("enableServiceLinks", false);
        spec.put("automountServiceAccountToken", false);
        spec.put("terminationGracePeriodSeconds", service.stopPolicy().grace().toSeconds());
        if (service.isOneShot()) {
            spec.put("restartPolicy", "OnFailure");
        }
        spec.put("securityContext", podSecurity());
        Trees.put(spec, "hostname", service.setup().hostName());
        Trees.put(spec, "hostAliases", hostAliases());
        Trees.put(spec, "initContainers", waiters());
        spec.put("containers", List.of(container(files)));
        Trees.put(spec, "volumes", files.volumes());
        loseRest();
        return spec;
    }

    private Map<String, Object> container(PodFiles files) {
        Map<String, Object> container = Trees.mapOf("name", service.name(), "image", image());
        service.setup().entryPoint().ifPresent(words -> container.put("command", words));
        PodEnvironment environment = new PodEnvironment(cluster, service);
        Trees.put(
                container,
                "args",
                service.command().stream().map(environment::word).toList());
        Trees.put(container, "workingDir", service.setup().directory());
        Trees.put(container, "env", environment(environment));
        Trees.put(container, "ports", ports());
        Trees.put(container, "resources", resources(service.limits()));
        container.putAll(new PodProbes(service).probes());
        container.put("securityContext", containerSecurity());
        Trees.put(container, "volumeMounts", files.mounts());
        if (service.setup().features().contains(Setup.Feature.TERMINAL)) {
            container.put("tty", true);
        }
        if (service.setup().features().contains(Setup.Feature.INPUT)) {
            container.put("stdin", true);
        }
        return container;
    }

    /** An image that is built has to be somewhere that the cluster finds it. */
    private String image() {
        return service.source() instanceof Source.Build build
                ? BuiltImage.of(cluster.definition(), service, build).name()
                : ((Source.Image) service.source()).reference();
    }

    private List<Object> environment(PodEnvironment environment) {
        List<Object> variables = new ArrayList<>();
        boolean isPostgres = service.family().equals(Optional.of("postgres"));
        if (isPostgres
                && !service.environment().containsKey("PGDATA")
                && !service.volumes().isEmpty()) {
            // the volume's own top belongs to the cluster, and may hold lost+found
            variables.add(Trees.mapOf(
                    "name", "PGDATA", "value", service.volumes().get(0).path() + "/pgdata"));
        }
        OfficialImage.of(service).ifPresent(image -> image.variables().forEach((name, value) -> {
            if (!service.environment().containsKey(name)) {
                variables.add(Trees.mapOf("name", name, "value", value));
            }
        }));
        variables.addAll(environment.variables());
        return variables;
    }

    private List<Object> ports() {
        List<Object> ports = new ArrayList<>();
        for (Endpoint endpoint : service.endpoints()) {
            ports.add(Trees.mapOf("name", portName(endpoint), "containerPort", endpoint.port()));
        }
        service.setup()
                .datagrams()
                .forEach(port -> ports.add(
                        Trees.mapOf("name", "udp-" + port.port(), "containerPort", port.port(), "protocol", "UDP")));
        return ports;
    }

    /** A port's name has fifteen characters at most. */
    static String portName(Endpoint endpoint) {
        String name = endpoint.name();
        return name.length() <= 15 ? name : "tcp-" + endpoint.port();
    }

    private static Map<String, Object> resources(Limits limits) {
        Map<String, Object> most = new LinkedHashMap<>();
        limits.cpus().ifPresent(cpus -> most.put("cpu", cpus(cpus)));
        limits.memoryBytes().ifPresent(bytes -> most.put("memory", memory(bytes)));
        Map<String, Object> kept = new LinkedHashMap<>();
        limits.reservedCpus().ifPresent(cpus -> kept.put("cpu", cpus(cpus)));
        limits.reservedMemoryBytes().ifPresent(bytes -> kept.put("memory", memory(bytes)));
        Map<String, Object> resources = new LinkedHashMap<>();
        Trees.put(resources, "limits", most);
        Trees.put(resources, "requests", kept);
        return resources;
    }

    private static String cpus(double cpus) {
        return Math.round(cpus * 1000) + "m";
    }

    private static String memory(long bytes) {
        return bytes % (1 << 20) == 0 ? (bytes >> 20) + "Mi" : Long.toString(bytes);
    }

    /** Ask the name and port of what is needed until it answers: behind a service there are only pods that are ready. */
    private List<Object> waiters() {
        List<Object> waiters = new ArrayList<>();
        for (Dependency dependency : service.dependencies()) {
            Service other = cluster.declared(dependency.on());
            if (dependency.need() == Dependency.Need.OPTIONAL || other.source() instanceof Source.Process) {
                continue;
            }
            switch (dependency.condition()) {
                case STARTED -> {}
                case COMPLETED ->
                    cluster.lose(
                            service.name(),
                            "does not wait until '" + other.name() + "' is completed: bring that up first, or let it"
                                    + " fail and be restarted until then.");
                case HEALTHY -> waiter(other).ifPresent(waiters::add);
            }
        }
        return waiters;
    }

    private Optional<Map<String, Object>> waiter(Service other) {
        if (other.endpoints().isEmpty()) {
            cluster.lose(
                    service.name(), "does not wait until '" + other.name() + "' is healthy, which has no port to ask.");
            return Optional.empty();
        }
        HostAndPort at = cluster.find(other.name(), other.endpoints().get(0).name());
        // this image's nc knows no -z
        String script = "until nc -w 2 " + at.host() + " " + at.port() + " -e true; do sleep 1; done";
        return Optional.of(Trees.mapOf(
                "name",
                "wait-for-" + other.name(),
                "image",
                WAITER,
                "command",
                List.of("sh", "-c", script),
                "resources",
                Trees.mapOf("limits", Trees.mapOf("cpu", "50m", "memory", "16Mi")),
                "securityContext",
                Trees.mapOf(
                        "allowPrivilegeEscalation",
                        false,
                        "readOnlyRootFilesystem",
                        true,
                        "capabilities",
                        Trees.mapOf("drop", List.of("ALL")))));
    }

    private Map<String, Object> podSecurity() {
        String[] user = service.hardening().user().split(":");
        boolean isNumber = user[0].matches("[1-9][0-9]*");
        int id = isNumber ? Integer.parseInt(user[0]) : usual(user[0]);
        int group = user.length > 1 && user[1].matches("[0-9]+") ? Integer.parseInt(user[1]) : id;
        Map<String, Object> security = Trees.mapOf("runAsNonRoot", true, "runAsUser", id, "runAsGroup", group);
        security.put("fsGroup", group);
        Trees.put(
                security,
                "supplementalGroups",
                service.setup().groups().stream()
                        .filter(name -> name.matches("[0-9]+"))
                        .map(Integer::valueOf)
                        .toList());
        security.put("seccompProfile", Trees.mapOf("type", "RuntimeDefault"));
        if (service.endpoints().stream().anyMatch(endpoint -> endpoint.port() < FIRST_FOR_ANYBODY)) {
            security.put("sysctls", List.of(Trees.mapOf("name", "net.ipv4.ip_unprivileged_port_start", "value", "0")));
        }
        return security;
    }

    private int usual(String wanted) {
        Optional<OfficialImage> known = OfficialImage.of(service);
        int id = known.map(OfficialImage::user).orElse(ANYBODY);
        if (known.isEmpty()) {
            cluster.lose(
                    service.name(),
                    "runs as user " + id + (wanted.isEmpty() ? "" : ", not as '" + wanted + "'")
                            + ": the restricted policy wants a number that is not root's, and its image has to work so.");
        }
        return id;
    }

    private Map<String, Object> containerSecurity() {
        Hardening hardening = service.hardening();
        Map<String, Object> capabilities = Trees.mapOf("drop", List.of("ALL"));
        List<String> allowed =
                hardening.added().stream().filter("NET_BIND_SERVICE"::equals).toList();
        Trees.put(capabilities, "add", allowed);
        hardening.added().stream()
                .filter(name -> !allowed.contains(name))
                .forEach(name -> cluster.lose(
                        service.name(),
                        "is not given the capability " + name + ", which the restricted policy forbids."));
        return Trees.mapOf(
                "allowPrivilegeEscalation",
                false,
                "readOnlyRootFilesystem",
                hardening.root() == Hardening.Root.READ_ONLY,
                "capabilities",
                capabilities);
    }

    private List<Object> hostAliases() {
        List<Object> aliases = new ArrayList<>();
        service.setup().hosts().forEach((name, address) -> {
            if (address.matches("[0-9.]+|[0-9a-fA-F:]+")) {
                aliases.add(Trees.mapOf("ip", address, "hostnames", List.of(name)));
            } else {
                cluster.lose(service.name(), "does not find '" + name + "': a pod has no host of its own.");
            }
        });
        return aliases;
    }

    private void loseRest() {
        if (service.probe().orElse(null) instanceof Probe.OfImage check
                && check.otherwise() == Probe.OfImage.Otherwise.NOTHING) {
            cluster.lose(
                    service.name(),
                    "has no probes: others wait until it is healthy, and a cluster does not ask the health check of an image."
                            + " Give the service one of its own.");
        }
        Setup setup = service.setup();
        List<String> lost = new ArrayList<>();
        Set<String> parts = setup.parts().keySet();
        parts.stream()
                .filter(part -> part.startsWith("sysctl") || part.startsWith("ulimit") || part.startsWith("security"))
                .forEach(lost::add);
        lost.addAll(setup.partsOfOneHost());
        if (!setup.lookup().equals(Setup.Lookup.USUAL)) {
            lost.add("a lookup of names of its own");
        }
        if (setup.features().contains(Setup.Feature.PRIVILEGED)) {
            lost.add("all privileges");
        }
        if (service.limits().pids().isPresent()) {
            lost.add("the limit of processes");
        }
        if (!service.stopPolicy().signal().isEmpty()) {
            lost.add("the stop signal " + service.stopPolicy().signal());
        }
        if (!lost.isEmpty()) {
            cluster.lose(
                    service.name(),
                    "has not: " + String.join(", ", lost) + ". That is the nodes' or the image's to say.");
        }
    }
}
