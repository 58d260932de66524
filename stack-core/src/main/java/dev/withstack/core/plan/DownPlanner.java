package dev.withstack.core.plan;

import dev.withstack.core.graph.Graph;
import dev.withstack.core.plan.Observed.Container;
import dev.withstack.core.plan.Step.BringBack;
import dev.withstack.core.plan.Step.RemoveContainer;
import dev.withstack.core.plan.Step.RemoveReplaced;
import dev.withstack.core.plan.Step.StartAgain;
import dev.withstack.core.plan.Step.StopContainer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Plans how what is there is stopped, removed, or brought back. Works from what the containers themselves say of their
 * needs, so that it needs no definition: what an older version of the stack left goes as well. Pure functions.
 */
public final class DownPlanner {
    private DownPlanner() {}

    /** Plan how to stop the services, dependants first; empty means all. */
    public static Plan stop(Observed observed, Collection<String> services) {
        return takeDown(observed, replaced(observed), allOr(services), Depth.STOP, List.of());
    }

    /** Plan how to stop exactly the services named, dependants first; what was set aside or is kept goes on. */
    public static Plan pause(Observed observed, Collection<String> services) {
        return takeDown(observed, List.of(), services::contains, Depth.STOP, List.of());
    }

    /** Plan how to remove the containers of the services and, if all are meant, the networks; volumes if named. */
    public static Plan down(Observed observed, Collection<String> services, Collection<String> volumes) {
        Plan removal = takeDown(observed, replaced(observed), allOr(services), Depth.REMOVE, volumes);
        if (!services.isEmpty()) {
            return removal;
        }
        List<PlannedStep> steps = new ArrayList<>(removal.steps());
        List<Integer> removals = steps.stream()
                .filter(planned ->
                        planned.step() instanceof RemoveContainer || planned.step() instanceof RemoveReplaced)
                .map(PlannedStep::number)
                .toList();
        for (String network : observed.networks()) {
            steps.add(new PlannedStep(steps.size() + 1, new Step.RemoveNetwork(network), "down", removals));
        }
        return new Plan(steps, removal.notes());
    }

    /** Plan how to remove the containers of exactly the services named, and the volumes named; not what was set aside. */
    public static Plan remove(Observed observed, Collection<String> services, Collection<String> volumes) {
        return takeDown(observed, List.of(), services::contains, Depth.REMOVE, volumes);
    }

    /**
     * Plan how a service's earlier container takes its place again, which must be free.
     *
     * @param was the state that it had and is to have again
     */
    public static Plan bringBack(Observed observed, Container container, Observed.State was) {
        Plan.Builder plan = new Plan.Builder();
        String cause = "taken back";
        List<Integer> named = observed.aside().containsValue(container)
                ? List.of(plan.add(new BringBack(container.service(), container.id()), cause, List.of()))
                : List.of();
        boolean wasUp = was == Observed.State.RUNNING || was == Observed.State.RESTARTING;
        if (wasUp && container.isDown()) {
            plan.add(new StartAgain(container.service(), container.id()), cause, named);
        }
        return plan.build();
    }

    /** Return what was set aside and what is kept. */
    private static List<Container> replaced(Observed observed) {
        List<Container> replaced = new ArrayList<>(observed.aside().values());
        replaced.addAll(observed.kept().values());
        return replaced;
    }

    private static Predicate<String> allOr(Collection<String> services) {
        return services.isEmpty() ? name -> true : services::contains;
    }

    private enum Depth {
        STOP,
        REMOVE
    }

    private static Plan takeDown(
            Observed observed,
            List<Container> replaced,
            Predicate<String> isMeant,
            Depth depth,
            Collection<String> volumes) {
        Plan.Builder plan = new Plan.Builder();
        Graph<String> graph = Graph.of(needsOf(observed));
        List<String> order = new ArrayList<>(graph.order());
        Collections.reverse(order);
        Map<String, Integer> stopped = new LinkedHashMap<>();
        List<Integer> removals = new ArrayList<>();
        String cause = depth == Depth.STOP ? "stop" : "down";
        for (String name : order) {
            Container container = observed.containers().get(name);
            if (container == null || !isMeant.test(name)) {
                continue;
            }
            List<Integer> after = new ArrayList<>();
            if (!container.isDown()) {
                List<Integer> dependants = graph.dependentClosure(List.of(name)).stream()
                        .filter(stopped::containsKey)
                        .map(stopped::get)
                        .toList();
                int number = plan.add(new StopContainer(name, container.id()), cause, dependants);
                stopped.put(name, number);
                after.add(number);
            }
            if (depth == Depth.REMOVE) {
                removals.add(plan.add(new RemoveContainer(name, container.id()), cause, after));
            }
        }
        for (Container container : replaced) {
            if (isMeant.test(container.service())) {
                List<Integer> after = container.isDown()
                        ? List.of()
                        : List.of(plan.add(new StopContainer(container.service(), container.id()), cause, List.of()));
                if (depth == Depth.REMOVE) {
                    removals.add(plan.add(new RemoveReplaced(container.service(), container.id()), cause, after));
                }
            }
        }
        volumes.forEach(volume -> plan.add(new Step.RemoveVolume(volume), "asked for by name", removals));
        return plan.build();
    }

    /**
     * Return what each container needs of those there. Containers of several versions of a definition may need each
     * other in a circle; it is opened where it closes, so that they can be stopped all the same.
     */
    private static Map<String, List<String>> needsOf(Observed observed) {
        Map<String, List<String>> needs = new LinkedHashMap<>();
        observed.containers()
                .forEach((name, container) -> needs.put(
                        name,
                        container.needs().stream()
                                .filter(observed.containers()::containsKey)
                                .toList()));
        List<String> cycle = Graph.findCycle(needs);
        while (!cycle.isEmpty()) {
            String last = cycle.get(cycle.size() - 2);
            String first = cycle.get(cycle.size() - 1);
            needs.computeIfPresent(last, (name, targets) -> targets.stream()
                    .filter(target -> !target.equals(first))
                    .toList());
            cycle = Graph.findCycle(needs);
        }
        return needs;
    }
}
