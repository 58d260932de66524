package dev.withstack.core.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A directed graph without cycles, whose edges lead from a node to what it depends on. Immutable; every answer is in
 * the order in which the nodes were declared.
 *
 * @param <N> the nodes, compared by {@code equals}
 */
public final class Graph<N> {
    private final Map<N, Set<N>> dependencies;
    private final Map<N, Set<N>> dependents;

    private Graph(Map<N, Set<N>> dependencies) {
        this.dependencies = dependencies;
        this.dependents = reversed(dependencies);
    }

    /**
     * Build a graph from what each node depends on.
     *
     * @throws CycleException if there is a cycle
     * @throws IllegalArgumentException if a node depends on one that is not among the keys
     */
    public static <N> Graph<N> of(Map<N, ? extends Collection<N>> dependencies) {
        Map<N, Set<N>> copy = new LinkedHashMap<>();
        dependencies.forEach((node, targets) -> {
            for (N target : targets) {
                if (!dependencies.containsKey(target)) {
                    throw new IllegalArgumentException("'" + node + "' depends on '" + target + "', which is unknown.");
                }
            }
            copy.put(node, Collections.unmodifiableSet(new LinkedHashSet<>(targets)));
        });
        List<N> cycle = findCycle(copy);
        if (!cycle.isEmpty()) {
            throw new CycleException(cycle);
        }
        return new Graph<>(Collections.unmodifiableMap(copy));
    }

    /**
     * Return the first cycle found, trimmed to itself and closed (a → b → a), or an empty list. Nodes that are not
     * among the keys are passed over.
     */
    public static <N> List<N> findCycle(Map<N, ? extends Collection<N>> dependencies) {
        Set<N> done = new LinkedHashSet<>();
        for (N start : dependencies.keySet()) {
            List<N> cycle = findCycleFrom(start, dependencies, new ArrayList<>(), done);
            if (!cycle.isEmpty()) {
                return cycle;
            }
        }
        return List.of();
    }

    private static <N> List<N> findCycleFrom(
            N node, Map<N, ? extends Collection<N>> dependencies, List<N> path, Set<N> done) {
        int seenAt = path.indexOf(node);
        if (seenAt >= 0) {
            List<N> cycle = new ArrayList<>(path.subList(seenAt, path.size()));
            cycle.add(node);
            return cycle;
        }
        Collection<N> targets = dependencies.get(node);
        if (targets == null || done.contains(node)) {
            return List.of();
        }
        path.add(node);
        for (N target : targets) {
            List<N> cycle = findCycleFrom(target, dependencies, path, done);
            if (!cycle.isEmpty()) {
                return cycle;
            }
        }
        path.remove(path.size() - 1);
        done.add(node);
        return List.of();
    }

    /** Return all nodes as declared. */
    public Set<N> nodes() {
        return dependencies.keySet();
    }

    /** Return what the node depends on directly. */
    public Set<N> dependenciesOf(N node) {
        return known(dependencies, node);
    }

    /** Return what depends on the node directly. */
    public Set<N> dependentsOf(N node) {
        return known(dependents, node);
    }

    /** Return the nodes with all that they depend on, directly or not. */
    public Set<N> closure(Collection<N> of) {
        return reach(of, dependencies);
    }

    /** Return the nodes with all that depends on them, directly or not. */
    public Set<N> dependentClosure(Collection<N> of) {
        return reach(of, dependents);
    }

    /** Return all nodes so that each stands behind what it depends on; otherwise as declared. */
    public List<N> order() {
        return layers().stream().flatMap(List::stream).toList();
    }

    /** Return groups of nodes: each depends on earlier groups only, and stands as early as it can. */
    public List<List<N>> layers() {
        Map<N, Integer> depths = new LinkedHashMap<>();
        List<List<N>> layers = new ArrayList<>();
        for (N node : nodes()) {
            int depth = depth(node, depths);
            while (layers.size() <= depth) {
                layers.add(new ArrayList<>());
            }
            layers.get(depth).add(node);
        }
        return layers.stream().map(List::copyOf).toList();
    }

    private int depth(N node, Map<N, Integer> known) {
        Integer depth = known.get(node);
        if (depth == null) {
            depth = 0;
            for (N dependency : dependenciesOf(node)) {
                depth = Math.max(depth, depth(dependency, known) + 1);
            }
            known.put(node, depth);
        }
        return depth;
    }

    private Set<N> reach(Collection<N> from, Map<N, Set<N>> edges) {
        Set<N> reached = new LinkedHashSet<>();
        Deque<N> open = new ArrayDeque<>(from);
        while (!open.isEmpty()) {
            N node = open.remove();
            if (reached.add(node)) {
                open.addAll(known(edges, node));
            }
        }
        Set<N> asDeclared = new LinkedHashSet<>(nodes());
        asDeclared.retainAll(reached);
        return Collections.unmodifiableSet(asDeclared);
    }

    private static <N> Set<N> known(Map<N, Set<N>> edges, N node) {
        Set<N> targets = edges.get(node);
        if (targets == null) {
            throw new IllegalArgumentException("'" + node + "' is not in the graph; it has: " + edges.keySet() + ".");
        }
        return targets;
    }

    private static <N> Map<N, Set<N>> reversed(Map<N, Set<N>> edges) {
        Map<N, Set<N>> reversed = new LinkedHashMap<>();
        edges.keySet().forEach(node -> reversed.put(node, new LinkedHashSet<>()));
        edges.forEach((node, targets) ->
                targets.forEach(target -> known(reversed, target).add(node)));
        return reversed;
    }
}
