package dev.withstack.core.export;

import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What of a stack is reached from outside of the cluster, and who within reaches whom. */
final class Ingresses {
    /** Names that nobody has: they are to be replaced. */
    private static final String DOMAIN = ".example";

    private final Cluster cluster;

    Ingresses(Cluster cluster) {
        this.cluster = cluster;
    }

    static boolean isHttp(Service service, Endpoint endpoint) {
        boolean isProbed = service.probe().orElse(null) instanceof Probe.Http http
                && service.endpoint(http.endpoint()).equals(endpoint);
        return isProbed || service.pages().containsKey(endpoint.name());
    }

    private static List<Endpoint> published(Service service) {
        return service.endpoints().stream()
                .filter(endpoint -> !(endpoint.publication() instanceof Endpoint.Hidden))
                .filter(endpoint -> isHttp(service, endpoint))
                .toList();
    }

    /** Return the one ingress of the stack; none if nothing is published that speaks HTTP. */
    List<Map<String, Object>> ingress() {
        List<Object> rules = new ArrayList<>();
        for (Service service : cluster.workloads()) {
            List<Endpoint> endpoints = published(service);
            for (Endpoint endpoint : endpoints) {
                String name = endpoints.size() == 1 ? service.name() : service.name() + "-" + endpoint.name();
                rules.add(rule(name, service, endpoint));
            }
        }
        if (rules.isEmpty()) {
            return List.of();
        }
        cluster.lose(
                cluster.definition().name(),
                "is reached under names that end in '" + DOMAIN
                        + "': put yours into ingress.yaml, with a certificate.");
        return List.of(Trees.mapOf(
                "apiVersion",
                "networking.k8s.io/v1",
                "kind",
                "Ingress",
                "metadata",
                cluster.metadata(
                        cluster.definition().name(),
                        Trees.mapOf(
                                "app.kubernetes.io/part-of",
                                cluster.definition().name())),
                "spec",
                Trees.mapOf("rules", rules)));
    }

    private Map<String, Object> rule(String name, Service service, Endpoint endpoint) {
        Map<String, Object> backend = Trees.mapOf(
                "service",
                Trees.mapOf("name", service.name(), "port", Trees.mapOf("name", PodTemplate.portName(endpoint))));
        return Trees.mapOf(
                "host",
                name + "." + cluster.namespace() + DOMAIN,
                "http",
                Trees.mapOf("paths", List.of(Trees.mapOf("path", "/", "pathType", "Prefix", "backend", backend))));
    }

    /** Return the policies: nobody is let in but from the stack's networks, and from outside to what is published. */
    List<Map<String, Object>> policies() {
        List<Map<String, Object>> policies = new ArrayList<>();
        policies.add(policy("nobody", Map.of(), List.of()));
        if (cluster.definition().declaresNetworks()) {
            cluster.definition().declaredNetworks().forEach(network -> {
                Map<String, Object> members = Trees.mapOf(Cluster.onNetwork(network.name()), "true");
                Map<String, Object> pods = Trees.mapOf("matchLabels", members);
                policies.add(policy(
                        "network-" + network.name(),
                        pods,
                        List.of(Trees.mapOf("from", List.of(Trees.mapOf("podSelector", pods))))));
            });
        } else {
            policies.add(policy(
                    "network", Map.of(), List.of(Trees.mapOf("from", List.of(Trees.mapOf("podSelector", Map.of()))))));
        }
        if (cluster.definition().id().environment() == dev.withstack.core.model.Environment.BASE) {
            Map<String, Object> stacks = Trees.mapOf(
                    "matchLabels",
                    Trees.mapOf(Cluster.ofStack(), cluster.definition().name()));
            policies.add(policy(
                    "environments",
                    Map.of(),
                    List.of(Trees.mapOf("from", List.of(Trees.mapOf("namespaceSelector", stacks))))));
        }
        for (Service service : cluster.workloads()) {
            List<Object> ports = new ArrayList<>();
            published(service).forEach(endpoint -> ports.add(Trees.mapOf("port", endpoint.port())));
            if (!ports.isEmpty()) {
                policies.add(policy(
                        "outside-" + service.name(),
                        Trees.mapOf("matchLabels", Cluster.selector(service)),
                        List.of(Trees.mapOf("ports", ports))));
            }
        }
        return policies;
    }

    private Map<String, Object> policy(String name, Map<String, ?> pods, List<Object> ingress) {
        Map<String, Object> spec = Trees.mapOf("podSelector", pods, "policyTypes", List.of("Ingress"));
        Trees.put(spec, "ingress", ingress);
        return Trees.mapOf(
                "apiVersion",
                "networking.k8s.io/v1",
                "kind",
                "NetworkPolicy",
                "metadata",
                cluster.metadata(
                        name,
                        Trees.mapOf(
                                "app.kubernetes.io/part-of",
                                cluster.definition().name())),
                "spec",
                spec);
    }
}
