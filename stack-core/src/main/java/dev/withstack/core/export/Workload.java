package dev.withstack.core.export;

import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Replicas;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One service in the words of Kubernetes: what runs it, how it is found, what it keeps, how much may be missing of it. */
final class Workload {
    private final Cluster cluster;
    private final Service service;

    Workload(Cluster cluster, Service service) {
        this.cluster = cluster;
        this.service = service;
    }

    List<Map<String, Object>> manifests() {
        List<Map<String, Object>> manifests = new ArrayList<>();
        if (service.isOneShot()) {
            manifests.add(job());
        } else if (service.volumes().isEmpty()) {
            manifests.add(deployment());
        } else {
            manifests.add(statefulSet());
        }
        List<String> names = new ArrayList<>(List.of(service.name()));
        names.addAll(service.aliases());
        names.stream().filter(this::isHostName).forEach(name -> service(name, manifests));
        if (number() > 1) {
            manifests.add(disruptionBudget());
        }
        loseRest();
        return manifests;
    }

    private boolean isHostName(String name) {
        boolean isOne = name.matches("[a-z]([-a-z0-9]*[a-z0-9])?");
        if (!isOne) {
            cluster.lose(service.name(), "is not found as '" + name + "', which is no name of a service in a cluster.");
        }
        return isOne;
    }

    private int number() {
        return service.replicas().map(Replicas::number).orElse(1);
    }

    /** Return how many are run: none of what is started on request. */
    private int running() {
        return service.starts() == Service.Starts.ON_REQUEST ? 0 : number();
    }

    private Map<String, Object> deployment() {
        return manifest(
                "apps/v1",
                "Deployment",
                Trees.mapOf(
                        "replicas",
                        running(),
                        "selector",
                        Trees.mapOf("matchLabels", Cluster.selector(service)),
                        "template",
                        new PodTemplate(cluster, service).template()));
    }

    private Map<String, Object> statefulSet() {
        return manifest(
                "apps/v1",
                "StatefulSet",
                Trees.mapOf(
                        "replicas",
                        running(),
                        "serviceName",
                        service.name(),
                        "selector",
                        Trees.mapOf("matchLabels", Cluster.selector(service)),
                        "template",
                        new PodTemplate(cluster, service).template()));
    }

    private Map<String, Object> job() {
        return manifest(
                "batch/v1",
                "Job",
                Trees.mapOf(
                        "suspend",
                        service.starts() == Service.Starts.ON_REQUEST,
                        "backoffLimit",
                        6,
                        "template",
                        new PodTemplate(cluster, service).template()));
    }

    private Map<String, Object> manifest(String version, String kind, Map<String, Object> spec) {
        return Trees.mapOf(
                "apiVersion",
                version,
                "kind",
                kind,
                "metadata",
                cluster.metadata(service.name(), cluster.labels(service)),
                "spec",
                spec);
    }

    /** What has no port is found by nobody. */
    private void service(String name, List<Map<String, Object>> manifests) {
        List<Object> ports = new ArrayList<>();
        for (Endpoint endpoint : service.endpoints()) {
            ports.add(Trees.mapOf(
                    "name", PodTemplate.portName(endpoint), "port", endpoint.port(), "targetPort", endpoint.port()));
        }
        service.setup()
                .datagrams()
                .forEach(port -> ports.add(Trees.mapOf(
                        "name",
                        "udp-" + port.port(),
                        "port",
                        port.port(),
                        "targetPort",
                        port.port(),
                        "protocol",
                        "UDP")));
        if (!ports.isEmpty()) {
            manifests.add(Trees.mapOf(
                    "apiVersion",
                    "v1",
                    "kind",
                    "Service",
                    "metadata",
                    cluster.metadata(name, cluster.labels(service)),
                    "spec",
                    Trees.mapOf("selector", Cluster.selector(service), "ports", ports)));
        } else if (!service.volumes().isEmpty() && name.equals(service.name())) {
            manifests.add(Trees.mapOf(
                    "apiVersion",
                    "v1",
                    "kind",
                    "Service",
                    "metadata",
                    cluster.metadata(name, cluster.labels(service)),
                    "spec",
                    Trees.mapOf("clusterIP", "None", "selector", Cluster.selector(service))));
        }
    }

    private Map<String, Object> disruptionBudget() {
        return manifest(
                "policy/v1",
                "PodDisruptionBudget",
                Trees.mapOf("maxUnavailable", 1, "selector", Trees.mapOf("matchLabels", Cluster.selector(service))));
    }

    private void loseRest() {
        if (service.source() instanceof Source.Build build) {
            String toDo = BuiltImage.of(cluster.definition(), service, build).toDo();
            cluster.lose(service.name(), toDo + "say where to in kustomization.yaml, under 'images'.");
        }
        Map<String, Integer> published = new LinkedHashMap<>();
        service.endpoints().stream()
                .filter(endpoint ->
                        endpoint.publication() instanceof Endpoint.Fixed && !Ingresses.isHttp(service, endpoint))
                .forEach(endpoint ->
                        published.put(endpoint.name(), ((Endpoint.Fixed) endpoint.publication()).hostPort()));
        published.forEach((name, port) -> cluster.lose(
                service.name(),
                "is not published on port " + port + ": reach it with kubectl port-forward service/" + service.name()
                        + " " + port + ":" + service.endpoint(name).port() + "."));
        if (service.isOneShot()) {
            return;
        }
        switch (service.restartPolicy()) {
            case NEVER, ON_FAILURE ->
                cluster.lose(service.name(), "is always restarted when it ends, as everything that is no job.");
            case UNLESS_STOPPED -> {}
        }
    }
}
