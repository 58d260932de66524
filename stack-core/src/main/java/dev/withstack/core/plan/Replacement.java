package dev.withstack.core.plan;

import dev.withstack.core.model.Lineup;
import dev.withstack.core.model.Problem;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Observed.Container;
import dev.withstack.core.plan.Step.AwaitReady;
import dev.withstack.core.plan.Step.BuildImage;
import dev.withstack.core.plan.Step.CreateContainer;
import dev.withstack.core.plan.Step.Drain;
import dev.withstack.core.plan.Step.KeepReplaced;
import dev.withstack.core.plan.Step.LeadTo;
import dev.withstack.core.plan.Step.PullImage;
import dev.withstack.core.plan.Step.RemoveReplaced;
import dev.withstack.core.plan.Step.RunInside;
import dev.withstack.core.plan.Step.SetAside;
import dev.withstack.core.plan.Step.StartAgain;
import dev.withstack.core.plan.Step.StartContainer;
import dev.withstack.core.plan.Step.StopContainer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Plans how services that run are replaced by new versions of themselves while they are used, move by move. A pure
 * function: no I/O, the same moves for the same input.
 *
 * <p>A replica behind an entry gets its successor beside it; when that is ready the entry leads to it instead, and what
 * the old one has in hand is finished before it ends. Replicas without an entry have their successor beside them too. All
 * else is stopped first.
 */
public final class Replacement {
    private final StackDefinition definition;
    private final Observed observed;
    private final Comparison comparison;
    private final Ending ending;
    private final List<String> before;

    /** @param ending what becomes of those that are replaced */
    public Replacement(StackDefinition definition, Observed observed, Ending ending) {
        this(definition, observed, ending, List.of());
    }

    /** @param before a command that the first of the new ones behind each entry runs before it has to be ready; may be empty */
    public Replacement(StackDefinition definition, Observed observed, Ending ending, List<String> before) {
        this.definition = definition;
        this.observed = observed;
        this.comparison = new Comparison(definition, observed);
        this.ending = ending;
        this.before = List.copyOf(before);
    }

    /** What becomes of those that are replaced. */
    public enum Ending {
        REMOVED,
        KEPT
    }

    /**
     * What is replaced in one go: all of it is, or nothing.
     *
     * @param services in their order
     */
    public record Move(List<String> services, Plan plan) {
        public Move {
            services = List.copyOf(services);
        }
    }

    /** Return those of the services that run and are not as they should be, each with the reason, in their order. */
    public Map<String, String> due(Collection<String> services) {
        Map<String, String> due = new LinkedHashMap<>();
        for (String name : definition.graph().order()) {
            Service service = definition.service(name);
            Container container = observed.containers().get(name);
            if (services.contains(name) && container != null && canBeMoved(service) && !container.isDown()) {
                String reason = comparison.causeToRecreate(service, container);
                if (!reason.isEmpty()) {
                    due.put(name, reason);
                }
            }
        }
        return due;
    }

    private static boolean canBeMoved(Service service) {
        return (service.source() instanceof Source.Image || service.source() instanceof Source.Build)
                && !service.isOneShot();
    }

    /** Plan how the images of the services are brought that are not there. */
    public Plan images(Collection<String> services) {
        Plan.Builder plan = new Plan.Builder();
        Set<String> brought = new LinkedHashSet<>();
        for (String name : definition.graph().order()) {
            Service service = definition.service(name);
            if (services.contains(name) && canBeMoved(service)) {
                ImageUse image = comparison.imageOf(service);
                if (!image.isPresent() && brought.add(image.used())) {
                    boolean isBuilt = service.source() instanceof Source.Build;
                    plan.add(
                            service.source() instanceof Source.Build build
                                    ? new BuildImage(name, build.directory())
                                    : new PullImage(name, image.used()),
                            isBuilt ? "not built from this source" : "not present",
                            List.of());
                }
            }
        }
        return plan.build();
    }

    /**
     * Plan the moves that make the services what they should be, one replica at a time, or all of a service where the old
     * ones are kept: those behind an entry first then, as the others follow them.
     */
    public List<Move> moves(Collection<String> services) {
        Map<String, String> due = due(services);
        Map<String, List<String>> groups = new LinkedHashMap<>();
        due.keySet().forEach(name -> groups.computeIfAbsent(
                        definition.service(name).declaredName(), unused -> new ArrayList<>())
                .add(name));
        List<String> order = new ArrayList<>(groups.keySet());
        if (ending == Ending.KEPT) {
            order.sort(
                    Comparator.comparing(name -> definition.replicasBehind(name).isEmpty() ? 1 : 0));
        }
        List<Move> moves = new ArrayList<>();
        for (String name : order) {
            List<String> group = groups.getOrDefault(name, List.of());
            boolean isEntryDue =
                    group.contains(name) && !definition.replicasBehind(name).isEmpty();
            if (isEntryDue) {
                moves.add(inPlace(definition.service(name), due.getOrDefault(name, "")));
            }
            List<String> rest = group.stream()
                    .filter(one -> !(isEntryDue && one.equals(name)))
                    .toList();
            if (!rest.isEmpty()) {
                moves.addAll(movesOf(name, rest, due));
            }
        }
        return moves;
    }

    private List<Move> movesOf(String name, List<String> group, Map<String, String> due) {
        if (!definition.replicasBehind(name).isEmpty()) {
            return behindEntry(name, group, due);
        }
        return group.stream()
                .map(definition::service)
                .map(service -> service.replicaOf().isPresent()
                        ? beside(service, due.getOrDefault(service.name(), ""))
                        : inPlace(service, due.getOrDefault(service.name(), "")))
                .toList();
    }

    /**
     * A line-up has the new ones first, so all replicas are moved although one would do. Where an update stopped halfway,
     * it goes on; if those in front are not what they should be, it goes back.
     */
    private List<Move> behindEntry(String entry, List<String> due, Map<String, String> reasons) {
        List<Service> replicas = there(entry);
        int number = replicas.stream().mapToInt(Service::ordinal).max().orElse(0);
        Lineup now = Optional.ofNullable(observed.lineups().get(entry)).orElseGet(() -> unchosen(replicas, number));
        String reason = reasons.getOrDefault(due.get(0), "");
        if (ending == Ending.KEPT && !now.isWhole(number)) {
            throw new PlanRefusedException(
                    "Nothing was deployed",
                    List.of(new Problem(
                            entry,
                            "runs two versions, as an update stopped halfway.",
                            "Finish it first, or go back: update")));
        }
        if (now.isWhole(number)) {
            List<Move> moves =
                    forward(entry, replicas, now.whole(number).colour().other(), reason);
            return isUnchosen(entry, replicas) ? closedBefore(entry, now, moves) : moves;
        }
        List<Service> leading =
                replicas.stream().filter(one -> one.ordinal() <= now.first()).toList();
        boolean goesBack = leading.stream().map(Service::name).anyMatch(due::contains);
        return goesBack
                ? backward(entry, leading, now.colour(), reason)
                : forward(
                        entry,
                        replicas.stream()
                                .filter(one -> one.ordinal() > now.first())
                                .toList(),
                        now.colour(),
                        reason);
    }

    private List<Service> there(String entry) {
        return definition.replicasBehind(entry).stream()
                .filter(replica -> observed.container(replica.name()).isPresent())
                .toList();
    }

    private Lineup unchosen(List<Service> replicas, int number) {
        return new Lineup(
                observed.container(replicas.get(0).name())
                        .map(Container::colour)
                        .orElse(Lineup.Colour.BLUE),
                number);
    }

    private List<Move> forward(String entry, List<Service> replicas, Lineup.Colour colour, String reason) {
        if (ending == Ending.KEPT) {
            int last = replicas.stream().mapToInt(Service::ordinal).max().orElse(0);
            return List.of(switchOver(entry, replicas, new Lineup(colour, last), reason));
        }
        return replicas.stream()
                .map(one -> switchOver(entry, List.of(one), new Lineup(colour, one.ordinal()), reason))
                .toList();
    }

    private List<Move> backward(String entry, List<Service> replicas, Lineup.Colour colour, String reason) {
        return replicas.stream()
                .sorted(Comparator.comparing(Service::ordinal).reversed())
                .map(one -> switchOver(entry, List.of(one), new Lineup(colour, one.ordinal() - 1), reason))
                .toList();
    }

    private Move switchOver(String entry, List<Service> replicas, Lineup then, String reason) {
        Plan.Builder plan = new Plan.Builder();
        List<Integer> ready = new ArrayList<>();
        for (Service replica : replicas) {
            List<Integer> free = removalOfKept(plan, replica.name());
            ready.add(successor(
                    plan, replica, then.colourOf(replica.ordinal()), reason, setAside(plan, replica, reason, free)));
        }
        int led = plan.add(
                new LeadTo(entry, then), "the new " + (replicas.size() == 1 ? "one is" : "ones are") + " ready", ready);
        for (Service replica : replicas) {
            Container old = container(replica.name());
            int drained = plan.add(
                    new Drain(
                            replica.name(),
                            entry,
                            old.id(),
                            replica.stopPolicy().grace()),
                    reason,
                    List.of(led));
            end(plan, old, reason, List.of(drained));
        }
        return new Move(replicas.stream().map(Service::name).toList(), plan.build());
    }

    /** Tell whether the entry leads to all there are, and could lead to those alone that are there now. */
    private boolean isUnchosen(String entry, List<Service> replicas) {
        return !observed.lineups().containsKey(entry)
                && replicas.stream()
                        .allMatch(replica ->
                                container(replica.name()).fingerprint().hasLineups());
    }

    /** While an entry leads to all there are, it would lead to a new one before that is ready. */
    private static List<Move> closedBefore(String entry, Lineup now, List<Move> moves) {
        Plan.Builder closing = new Plan.Builder();
        closing.add(new LeadTo(entry, now), "until the new ones are ready", List.of());
        List<Move> all = new ArrayList<>(moves);
        Move first = all.get(0);
        all.set(0, new Move(first.services(), closing.build().then(first.plan())));
        return all;
    }

    /** A replica that nobody is led to works beside its successor until that is ready. */
    private Move beside(Service replica, String reason) {
        Plan.Builder plan = new Plan.Builder();
        List<Integer> free = removalOfKept(plan, replica.name());
        int ready = successor(plan, replica, Lineup.Colour.BLUE, reason, setAside(plan, replica, reason, free));
        end(plan, container(replica.name()), reason, List.of(ready));
        return new Move(List.of(replica.name()), plan.build());
    }

    /** What holds a port of the host, or data that one server alone may have, goes before its successor comes. */
    private Move inPlace(Service service, String reason) {
        Plan.Builder plan = new Plan.Builder();
        Container old = container(service.name());
        if (!service.endpoints().isEmpty()) {
            plan.note("'" + service.name() + "' is stopped before its successor starts, and does not answer meanwhile"
                    + (definition.replicasBehind(service.name()).isEmpty()
                            ? ": it is one, without an entry in front of it."
                            : ": it is the entry itself that changes."));
        }
        List<Integer> free = new ArrayList<>(removalOfKept(plan, service.name()));
        free.add(plan.add(new StopContainer(service.name(), old.id()), reason, List.of()));
        int ready = successor(plan, service, Lineup.Colour.BLUE, reason, setAside(plan, service, reason, free));
        boolean isEntry = !definition.replicasBehind(service.name()).isEmpty();
        plan.add(
                isEntry ? new RemoveReplaced(service.name(), old.id()) : disposal(old), "all is ready", List.of(ready));
        return new Move(List.of(service.name()), plan.build());
    }

    private int setAside(Plan.Builder plan, Service service, String reason, List<Integer> after) {
        return plan.add(new SetAside(service.name(), container(service.name()).id()), reason, after);
    }

    private int successor(Plan.Builder plan, Service service, Lineup.Colour colour, String reason, int after) {
        int created = plan.add(new CreateContainer(service.name(), colour), reason, List.of(after));
        Lineup lineup = observed.lineups().get(service.name());
        if (lineup != null) {
            // an entry that is made anew leads where the one before did, from its first request on
            created = plan.add(new LeadTo(service.name(), lineup), "as before", List.of(created));
        }
        int started = plan.add(new StartContainer(service.name()), reason, List.of(created));
        if (!before.isEmpty() && service.entry().isPresent() && service.ordinal() == 1) {
            started = plan.add(new RunInside(service.name(), before), "before it has to be ready", List.of(started));
        }
        return plan.add(new AwaitReady(service.name()), "started", List.of(started));
    }

    private List<Integer> removalOfKept(Plan.Builder plan, String service) {
        Container kept = observed.kept().get(service);
        if (kept == null) {
            return List.of();
        }
        String reason = "a newer one takes its place";
        List<Integer> stopped =
                kept.isDown() ? List.of() : List.of(plan.add(new StopContainer(service, kept.id()), reason, List.of()));
        return List.of(plan.add(new RemoveReplaced(service, kept.id()), reason, stopped));
    }

    /**
     * End the one that was replaced. One that is kept is told to end too, so that who is connected to it comes again and
     * is led to the new one; behind an entry it is started again at once, as the way back.
     */
    private void end(Plan.Builder plan, Container old, String reason, List<Integer> after) {
        int stopped = plan.add(new StopContainer(old.service(), old.id()), reason, after);
        boolean isWarm = ending == Ending.KEPT
                && definition.service(old.service()).entry().isPresent();
        int before = isWarm
                ? plan.add(new StartAgain(old.service(), old.id()), "to be the way back", List.of(stopped))
                : stopped;
        plan.add(disposal(old), reason, List.of(before));
    }

    private Step disposal(Container old) {
        return ending == Ending.KEPT
                ? new KeepReplaced(old.service(), old.id())
                : new RemoveReplaced(old.service(), old.id());
    }

    private Container container(String service) {
        Container container = observed.containers().get(service);
        if (container == null) {
            throw new IllegalStateException("'" + service + "' has no container.");
        }
        return container;
    }
}
