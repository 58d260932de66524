package dev.withstack.core.driver.container;

import dev.withstack.core.docker.Containers;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.LabelFilter;
import dev.withstack.core.driver.Lease;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the runs of stacks whose process has ended without taking them down. */
final class LeftBehind {
    private final DockerEngine engine;

    LeftBehind(DockerEngine engine) {
        this.engine = engine;
    }

    /** Return the runs of which something is left, as seen by this process. */
    List<StackId> find() {
        LabelFilter leased = LabelFilter.present(Labels.LEASE);
        Set<StackId> found = new LinkedHashSet<>();
        engine.containers().list(Containers.Scope.ALL, leased).forEach(one -> judge(one.labels(), found));
        engine.networks().list(leased).forEach(one -> judge(one.labels(), found));
        engine.volumes().list(leased).forEach(one -> judge(one.labels(), found));
        return new ArrayList<>(found);
    }

    private static void judge(Map<String, String> labels, Set<StackId> found) {
        String run = labels.getOrDefault(Labels.RUN, "");
        boolean isOver = Lease.fromLabel(labels.getOrDefault(Labels.LEASE, ""))
                .map(lease -> lease.isOver(Lease.ofThisProcess()))
                .orElse(false);
        if (isOver && !run.isEmpty()) {
            for (Environment environment : Environment.values()) {
                if (environment.id().equals(labels.get(Labels.ENVIRONMENT))) {
                    found.add(new StackId(labels.getOrDefault(Labels.STACK, ""), environment, run));
                }
            }
        }
    }
}
