package dev.withstack.core.export;

import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The variables of a container: secrets by reference, also where they are a part of a value. */
final class PodEnvironment {
    private final Cluster cluster;
    private final Service service;
    private final Map<String, Object> references = new LinkedHashMap<>();
    private final List<Object> variables = new ArrayList<>();

    PodEnvironment(Cluster cluster, Service service) {
        this.cluster = cluster;
        this.service = service;
    }

    List<Object> variables() {
        service.environment().forEach(this::add);
        List<Object> all = new ArrayList<>(references.values());
        all.addAll(variables);
        return all;
    }

    private void add(String name, Value value) {
        if (value instanceof Value.Secret secret) {
            variables.add(reference(name, cluster.secrets().of(secret.text(), service.declaredName(), name)));
            return;
        }
        variables.add(Trees.mapOf("name", name, "value", text(value, name)));
    }

    /** Return a word of a command; what it refers to is among the variables that are taken afterwards. */
    String word(String text) {
        return text(Value.hiding(text, service.secrets()), "command");
    }

    private String text(Value value, String place) {
        StringBuilder text = new StringBuilder();
        value.visit(part -> text.append(
                part instanceof Value.Secret secret ? referred(secret, place) : literal(part.resolve(cluster))));
        return text.toString();
    }

    /** What a value refers to has to stand before it. */
    private String referred(Value.Secret secret, String place) {
        String key = cluster.secrets().of(secret.text(), service.declaredName(), place);
        String variable = "SECRET_" + key;
        references.putIfAbsent(variable, reference(variable, key));
        return "$(" + variable + ")";
    }

    private static Map<String, Object> reference(String variable, String key) {
        return Trees.mapOf(
                "name",
                variable,
                "valueFrom",
                Trees.mapOf("secretKeyRef", Trees.mapOf("name", Cluster.SECRETS, "key", key)));
    }

    /** Only what looks like a reference has to be escaped. */
    static String literal(String text) {
        return text.replace("$(", "$$(");
    }
}
