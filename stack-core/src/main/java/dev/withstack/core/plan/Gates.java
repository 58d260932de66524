package dev.withstack.core.plan;

import dev.withstack.core.model.Lineup;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Observed.Container;
import dev.withstack.core.plan.Step.LeadTo;
import dev.withstack.core.plan.Step.RemoveReplaced;
import dev.withstack.core.plan.Step.StopContainer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Plans when an entry leads to replicas that come, which is when they are ready, and that it leads no longer to those that
 * go before they are ended. Where an update stopped halfway, its line-up is left alone.
 */
final class Gates {
    private final StackDefinition definition;
    private final Observed observed;
    private final Plan.Builder plan;
    private final Map<String, Lineup> standing = new LinkedHashMap<>();
    private final Map<String, Integer> closedBy = new LinkedHashMap<>();
    private final Map<String, Integer> openedBy = new LinkedHashMap<>();

    Gates(StackDefinition definition, Observed observed, Plan.Builder plan) {
        this.definition = definition;
        this.observed = observed;
        this.plan = plan;
    }

    /** Let the entries lead to those alone that are there already, where more are to come. */
    void close(Set<String> selected) {
        for (String entry : definition.replicas().keySet()) {
            List<Container> there = replicasOf(entry);
            if (!selected.contains(entry) || there.isEmpty() || !isRunning(entry)) {
                continue;
            }
            int last = there.stream().mapToInt(one -> ordinal(one, entry)).max().orElse(0);
            int number = definition.replicas().getOrDefault(entry, 0);
            Lineup chosen = observed.lineups().get(entry);
            if (chosen != null) {
                if (chosen.isWhole(last)) {
                    standing.put(entry, chosen.whole(chosen.first() == 0 ? last : chosen.first()));
                }
            } else if (last != number && areAlike(there)) {
                Lineup all = new Lineup(there.get(0).colour(), last);
                standing.put(entry, all);
                if (isComing(entry, last, selected)) {
                    closedBy.put(entry, plan.add(new LeadTo(entry, all), "until the new ones are ready", List.of()));
                }
            }
        }
    }

    /** Return the step after which a new replica may be started. */
    Optional<Integer> before(Service replica) {
        return replica.entry().map(closedBy::get);
    }

    /** Let the entries lead to the replicas that there are now, when they are ready. */
    void open(Map<String, Integer> readyBy) {
        standing.forEach((entry, lineup) -> {
            int number = definition.replicas().getOrDefault(entry, 0);
            if (lineup.first() != number) {
                List<Integer> after = new ArrayList<>(removalsOfKept(entry, number));
                definition.replicasBehind(entry).stream()
                        .map(Service::name)
                        .filter(readyBy::containsKey)
                        .map(readyBy::get)
                        .forEach(after::add);
                Optional.ofNullable(closedBy.get(entry)).ifPresent(after::add);
                openedBy.put(
                        entry,
                        plan.add(
                                new LeadTo(entry, new Lineup(lineup.colour(), number)),
                                entry + " has " + number + " now",
                                after));
            }
        });
    }

    /** Return the step from which on the entry no longer leads to replicas that are too many. */
    Optional<Integer> opened(String entry) {
        return Optional.ofNullable(openedBy.get(entry));
    }

    /** Those kept behind the last one would be led to with it. */
    private Collection<Integer> removalsOfKept(String entry, int number) {
        List<Integer> removals = new ArrayList<>();
        for (Container kept : observed.kept().values()) {
            if (isReplicaOf(kept, entry) && ordinal(kept, entry) > number) {
                String reason = entry + " has " + number + " now";
                List<Integer> stopped = kept.isDown()
                        ? List.of()
                        : List.of(plan.add(new StopContainer(kept.service(), kept.id()), reason, List.of()));
                removals.add(plan.add(new RemoveReplaced(kept.service(), kept.id()), reason, stopped));
            }
        }
        return removals;
    }

    private boolean isComing(String entry, int last, Set<String> selected) {
        return definition.replicasBehind(entry).stream()
                .anyMatch(replica -> replica.ordinal() > last && selected.contains(replica.name()));
    }

    private boolean isRunning(String entry) {
        return observed.container(entry).map(Container::isRunning).orElse(false)
                && !definition.replicasBehind(entry).isEmpty();
    }

    private List<Container> replicasOf(String entry) {
        return observed.containers().values().stream()
                .filter(container -> isReplicaOf(container, entry))
                .toList();
    }

    private static boolean areAlike(List<Container> replicas) {
        return replicas.stream().allMatch(one -> one.fingerprint().hasLineups())
                && replicas.stream().map(Container::colour).distinct().count() == 1;
    }

    private static boolean isReplicaOf(Container container, String entry) {
        return container.service().matches(Pattern.quote(entry) + "-[0-9]{1,2}");
    }

    private static int ordinal(Container replica, String entry) {
        return Integer.parseInt(replica.service().substring(entry.length() + 1));
    }
}
