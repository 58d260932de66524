package dev.withstack.profiles;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;

/**
 * Checks manifests by the OpenAPI description that Kubernetes 1.33 publishes, as its own client for Java was generated from
 * it: every field has to be there in it, of its type, and what is required has to be said.
 */
final class Published {

    private Published() {}

    /**
     * Check a manifest.
     *
     * @param kind with its version, such as {@code apps/v1 Deployment}
     * @throws IllegalArgumentException if a field is unknown, of another type, or missing
     */
    static void check(String kind, String json) throws IOException {
        JsonElement manifest = JsonParser.parseString(json);
        switch (kind) {
            case "v1 Namespace" -> V1Namespace.validateJsonElement(manifest);
            case "v1 Service" -> V1Service.validateJsonElement(manifest);
            case "v1 PersistentVolumeClaim" -> V1PersistentVolumeClaim.validateJsonElement(manifest);
            case "apps/v1 Deployment" -> V1Deployment.validateJsonElement(manifest);
            case "apps/v1 StatefulSet" -> V1StatefulSet.validateJsonElement(manifest);
            case "batch/v1 Job" -> V1Job.validateJsonElement(manifest);
            case "networking.k8s.io/v1 Ingress" -> V1Ingress.validateJsonElement(manifest);
            case "networking.k8s.io/v1 NetworkPolicy" -> V1NetworkPolicy.validateJsonElement(manifest);
            case "policy/v1 PodDisruptionBudget" -> V1PodDisruptionBudget.validateJsonElement(manifest);
            default -> throw new IllegalArgumentException("No manifest of the kind '" + kind + "' is written.");
        }
    }
}
