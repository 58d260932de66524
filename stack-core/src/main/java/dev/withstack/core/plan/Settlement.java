package dev.withstack.core.plan;

import dev.withstack.core.model.Lineup;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Observed.Container;
import dev.withstack.core.plan.Step.BringBack;
import dev.withstack.core.plan.Step.KeepReplaced;
import dev.withstack.core.plan.Step.RemoveContainer;
import dev.withstack.core.plan.Step.RemoveReplaced;
import dev.withstack.core.plan.Step.StartAgain;
import dev.withstack.core.plan.Step.StopContainer;
import dev.withstack.core.plan.Step.TakeKept;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Plans how a replacement that was ended in the middle is settled. What the entry leads to goes on: if that is the one set
 * aside, it takes its place again, and otherwise it is kept as the way back. Without an entry it takes its place again. A
 * pure function.
 */
public final class Settlement {
    private static final String CAUSE = "left by a replacement that was ended in the middle";

    private final StackDefinition definition;
    private final Observed observed;
    private final Plan.Builder plan = new Plan.Builder();

    private Settlement(StackDefinition definition, Observed observed) {
        this.definition = definition;
        this.observed = observed;
    }

    /** Plan the same for all that was set aside. */
    public static Plan ofAll(StackDefinition definition, Observed observed) {
        return of(definition, observed, aside -> true);
    }

    /** Plan it for what was set aside and still runs: what is down waits for the next start, which replaces it. */
    public static Plan ofRunning(StackDefinition definition, Observed observed) {
        return of(definition, observed, aside -> !aside.isDown());
    }

    private static Plan of(StackDefinition definition, Observed observed, Predicate<Container> isMeant) {
        Settlement settlement = new Settlement(definition, observed);
        observed.aside().values().stream()
                .filter(aside -> definition.services().containsKey(aside.service()))
                .filter(isMeant)
                .forEach(settlement::settle);
        return settlement.plan.build();
    }

    private void settle(Container aside) {
        String service = aside.service();
        Container current = observed.containers().get(service);
        Container kept = observed.kept().get(service);
        if (isLedTo(aside)) {
            bringBack(aside, current == null ? List.of() : removal(current));
        } else if (current == null && kept != null) {
            int taken = plan.add(new TakeKept(service, kept.id()), CAUSE, List.of());
            plan.add(new KeepReplaced(service, aside.id()), CAUSE, List.of(taken));
        } else {
            List<Integer> free = kept == null ? List.of() : removalOfKept(kept);
            plan.add(new KeepReplaced(service, aside.id()), CAUSE, free);
        }
    }

    private boolean isLedTo(Container aside) {
        Service service = definition.service(aside.service());
        Lineup lineup = service.entry().map(observed.lineups()::get).orElse(null);
        return lineup == null || lineup.colourOf(service.ordinal()) == aside.colour();
    }

    private void bringBack(Container aside, List<Integer> free) {
        int back = plan.add(new BringBack(aside.service(), aside.id()), CAUSE, free);
        if (aside.isDown()) {
            plan.add(new StartAgain(aside.service(), aside.id()), CAUSE, List.of(back));
        }
    }

    private List<Integer> removal(Container current) {
        List<Integer> stopped = new ArrayList<>();
        if (!current.isDown()) {
            stopped.add(plan.add(new StopContainer(current.service(), current.id()), CAUSE, List.of()));
        }
        return List.of(plan.add(new RemoveContainer(current.service(), current.id()), CAUSE, stopped));
    }

    private List<Integer> removalOfKept(Container kept) {
        List<Integer> stopped = kept.isDown()
                ? List.of()
                : List.of(plan.add(new StopContainer(kept.service(), kept.id()), CAUSE, List.of()));
        return List.of(plan.add(new RemoveReplaced(kept.service(), kept.id()), CAUSE, stopped));
    }
}
