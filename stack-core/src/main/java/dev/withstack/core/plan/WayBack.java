package dev.withstack.core.plan;

import dev.withstack.core.model.Lineup;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Observed.Container;
import dev.withstack.core.plan.Step.AwaitReady;
import dev.withstack.core.plan.Step.BringBack;
import dev.withstack.core.plan.Step.Drain;
import dev.withstack.core.plan.Step.KeepReplaced;
import dev.withstack.core.plan.Step.LeadTo;
import dev.withstack.core.plan.Step.RemoveReplaced;
import dev.withstack.core.plan.Step.SetAside;
import dev.withstack.core.plan.Step.StartAgain;
import dev.withstack.core.plan.Step.StopContainer;
import dev.withstack.core.plan.Step.TakeKept;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Plans how services go back to the containers that were kept when they were replaced, and how these are given up. What is
 * replaced by that is kept in turn. Pure functions.
 */
public final class WayBack {
    private static final String CAUSE = "rolled back";
    private static final String GIVEN_UP = "no way back is wanted";

    private final StackDefinition definition;
    private final Observed observed;
    private final Plan.Builder plan = new Plan.Builder();

    private WayBack(StackDefinition definition, Observed observed) {
        this.definition = definition;
        this.observed = observed;
    }

    /** Plan the way back of those behind an entry, all at once. */
    public static Plan behindEntries(StackDefinition definition, Observed observed) {
        WayBack back = new WayBack(definition, observed);
        Map<String, List<Service>> byEntry = new LinkedHashMap<>();
        back.movable().forEach(service -> service.entry()
                .ifPresent(entry -> byEntry.computeIfAbsent(entry, unused -> new ArrayList<>())
                        .add(service)));
        byEntry.forEach(back::switchBack);
        return back.plan.build();
    }

    /** Plan the way back of all others, which follow. */
    public static Plan ofFollowers(StackDefinition definition, Observed observed) {
        WayBack back = new WayBack(definition, observed);
        back.movable().stream().filter(service -> service.entry().isEmpty()).forEach(service -> {
            if (service.replicaOf().isPresent()) {
                back.followBeside(service);
            } else {
                back.followInPlace(service);
            }
        });
        return back.plan.build();
    }

    /** Plan how what {@link #behindEntries} has begun is undone, where it failed before the entry was turned. */
    public static Plan undone(StackDefinition definition, Observed observed, Set<String> wereKept) {
        WayBack back = new WayBack(definition, observed);
        observed.aside().values().stream()
                .filter(aside -> wereKept.contains(aside.service()))
                .forEach(back::undo);
        return back.plan.build();
    }

    /** Plan how all that is kept is ended and removed. */
    public static Plan givenUp(Observed observed) {
        Plan.Builder plan = new Plan.Builder();
        observed.kept().values().forEach(kept -> {
            List<Integer> stopped = kept.isDown()
                    ? List.of()
                    : List.of(plan.add(new StopContainer(kept.service(), kept.id()), GIVEN_UP, List.of()));
            plan.add(new RemoveReplaced(kept.service(), kept.id()), GIVEN_UP, stopped);
        });
        return plan.build();
    }

    private List<Service> movable() {
        return definition.graph().order().stream()
                .filter(observed.kept()::containsKey)
                .filter(observed.containers()::containsKey)
                .map(definition::service)
                .toList();
    }

    private void switchBack(String entry, List<Service> replicas) {
        List<Integer> ready = new ArrayList<>();
        Lineup.Colour colour = Lineup.Colour.BLUE;
        for (Service replica : replicas) {
            colour = kept(replica).colour();
            int aside = plan.add(new SetAside(replica.name(), current(replica).id()), CAUSE, List.of());
            ready.add(oldOne(replica, aside));
        }
        int number = definition.replicasBehind(entry).stream()
                .mapToInt(Service::ordinal)
                .max()
                .orElse(replicas.size());
        int led = plan.add(new LeadTo(entry, new Lineup(colour, number)), "the old ones are ready", ready);
        for (Service replica : replicas) {
            Container left = current(replica);
            int kept = plan.add(new KeepReplaced(replica.name(), left.id()), CAUSE, List.of(led));
            int drained = plan.add(
                    new Drain(
                            replica.name(),
                            entry,
                            left.id(),
                            replica.stopPolicy().grace()),
                    CAUSE,
                    List.of(kept));
            plan.add(new StopContainer(replica.name(), left.id()), CAUSE, List.of(drained));
        }
    }

    private void followBeside(Service service) {
        Container left = current(service);
        int aside = plan.add(new SetAside(service.name(), left.id()), CAUSE, List.of());
        int ready = oldOne(service, aside);
        int stopped = plan.add(new StopContainer(service.name(), left.id()), CAUSE, List.of(ready));
        plan.add(new KeepReplaced(service.name(), left.id()), CAUSE, List.of(stopped));
    }

    private void followInPlace(Service service) {
        Container left = current(service);
        int stopped = plan.add(new StopContainer(service.name(), left.id()), CAUSE, List.of());
        int aside = plan.add(new SetAside(service.name(), left.id()), CAUSE, List.of(stopped));
        int ready = oldOne(service, aside);
        plan.add(new KeepReplaced(service.name(), left.id()), CAUSE, List.of(ready));
    }

    /** Let the one that was kept take the place, and wait for it. */
    private int oldOne(Service service, int after) {
        Container kept = kept(service);
        int taken = plan.add(new TakeKept(service.name(), kept.id()), CAUSE, List.of(after));
        int started =
                kept.isDown() ? plan.add(new StartAgain(service.name(), kept.id()), CAUSE, List.of(taken)) : taken;
        return plan.add(new AwaitReady(service.name()), CAUSE, List.of(started));
    }

    private void undo(Container aside) {
        List<Integer> free = Optional.ofNullable(observed.containers().get(aside.service()))
                .map(current ->
                        List.of(plan.add(new KeepReplaced(current.service(), current.id()), "taken back", List.of())))
                .orElse(List.of());
        int back = plan.add(new BringBack(aside.service(), aside.id()), "taken back", free);
        if (aside.isDown()) {
            plan.add(new StartAgain(aside.service(), aside.id()), "taken back", List.of(back));
        }
    }

    private Container kept(Service service) {
        return java.util.Objects.requireNonNull(observed.kept().get(service.name()));
    }

    private Container current(Service service) {
        return java.util.Objects.requireNonNull(observed.containers().get(service.name()));
    }
}
