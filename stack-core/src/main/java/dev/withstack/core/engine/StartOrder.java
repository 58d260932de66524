package dev.withstack.core.engine;

import dev.withstack.core.graph.Graph;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.PlannedStep;
import dev.withstack.core.plan.Step;
import dev.withstack.core.plan.Step.StartContainer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which container is started first where several could be: the one with the longest way to the end behind it, counted in
 * the time that each service on the way is expected to take. Starts share the processors with the servers started before
 * them, so few are begun at once, and one that is just being created is waited for if it ranks higher. Immutable.
 */
final class StartOrder {
    private final Map<Integer, PlannedStep> steps = new HashMap<>();
    private final List<PlannedStep> starts = new ArrayList<>();
    private final int atOnce;

    /** What one start makes others wait for is made up for by what the engine does meanwhile, from so many on. */
    private static final int STARTS_FOR_ONE_MORE = 8;

    private static final int MOST_FOR_A_PROCESSOR = 4;

    /**
     * Return how many starts of the plan may be under way: a start costs the engine as much processor time as many a
     * server's boot, and delays the boots under way; where many are still to come, their waiting for the kernel counts more.
     */
    static int atOnce(Plan plan, int processors) {
        long starts = plan.steps().stream()
                .filter(planned -> planned.step() instanceof StartContainer)
                .count();
        long wanted = Math.max(processors / 2, starts / STARTS_FOR_ONE_MORE);
        return (int) Math.max(1, Math.min(wanted, (long) MOST_FOR_A_PROCESSOR * processors));
    }

    /**
     * @param expected how long services took to become ready before; others are taken at their definition's word
     * @param atOnce how many starts may be under way
     */
    StartOrder(Plan plan, StackDefinition definition, Map<String, Duration> expected, int atOnce) {
        this.atOnce = atOnce;
        plan.steps().forEach(planned -> steps.put(planned.number(), planned));
        plan.steps().stream()
                .filter(planned -> planned.step() instanceof StartContainer)
                .forEach(starts::add);
        Map<String, Duration> ways = new HashMap<>();
        starts.sort(Comparator.comparing((PlannedStep planned) ->
                        way(serviceOf(planned), definition, definition.graph(), expected, ways))
                .reversed());
    }

    /** Return the starts that may begin now, the most urgent first. */
    List<PlannedStep> next(Set<Integer> begun, Set<Integer> done) {
        long underWay = starts.stream()
                .filter(start -> begun.contains(start.number()) && !done.contains(start.number()))
                .count();
        List<PlannedStep> next = new ArrayList<>();
        if (underWay >= atOnce) {
            return next;
        }
        for (PlannedStep start : starts) {
            if (begun.contains(start.number())) {
                continue;
            }
            boolean isHeldByACreationOnly = !done.containsAll(start.after()) && isComing(start, done);
            if (underWay + next.size() >= atOnce || isHeldByACreationOnly) {
                return next;
            }
            if (done.containsAll(start.after())) {
                next.add(start);
            }
        }
        return next;
    }

    /** Tell whether all that the step still waits for are short calls that create something. */
    private boolean isComing(PlannedStep planned, Set<Integer> done) {
        for (int number : planned.after()) {
            PlannedStep before = steps.get(number);
            if (before != null && !done.contains(number)) {
                boolean creates = before.step() instanceof Step.CreateContainer
                        || before.step() instanceof Step.CreateVolume
                        || before.step() instanceof Step.CreateNetwork;
                if (!creates || !isComing(before, done)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static String serviceOf(PlannedStep start) {
        return ((StartContainer) start.step()).service();
    }

    private static Duration way(
            String service,
            StackDefinition definition,
            Graph<String> graph,
            Map<String, Duration> expected,
            Map<String, Duration> known) {
        Duration way = known.get(service);
        if (way == null) {
            Duration behind = Duration.ZERO;
            for (String dependent : graph.dependentsOf(service)) {
                Duration further = way(dependent, definition, graph, expected, known);
                behind = further.compareTo(behind) > 0 ? further : behind;
            }
            Duration own = expected.get(service);
            way = behind.plus(own == null ? definition.service(service).usualBoot() : own);
            known.put(service, way);
        }
        return way;
    }
}
