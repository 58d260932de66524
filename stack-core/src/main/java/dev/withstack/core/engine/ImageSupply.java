package dev.withstack.core.engine;

import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.PlannedStep;
import dev.withstack.core.plan.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Pulls and builds images because somebody asks for it. What runs goes on as it is. */
final class ImageSupply {
    private final Runs runs;
    private final Consumer<StackEvent> listener;

    ImageSupply(Runs runs, Consumer<StackEvent> listener) {
        this.runs = runs;
        this.listener = listener;
    }

    void pull(StackDefinition definition, Collection<String> services) {
        bring(
                definition,
                services,
                service -> service.source() instanceof Source.Image image
                        ? Optional.of(new Step.PullImage(service.name(), image.reference(), Step.Pull.ALWAYS))
                        : Optional.empty());
    }

    void build(StackDefinition definition, Collection<String> services, Step.Layers layers) {
        bring(
                definition,
                services,
                service -> service.source() instanceof Source.Build build
                        ? Optional.of(new Step.BuildImage(service.name(), build.directory(), layers))
                        : Optional.empty());
    }

    private void bring(
            StackDefinition definition, Collection<String> services, Function<Service, Optional<Step>> stepOf) {
        definition.base().ifPresent(base -> bring(base, services, stepOf));
        Map<Object, Step> steps = new LinkedHashMap<>();
        for (Service service : definition.services().values()) {
            boolean isMeant = services.isEmpty() || services.contains(service.name());
            stepOf.apply(service).filter(step -> isMeant).ifPresent(step -> steps.putIfAbsent(imageOf(service), step));
        }
        if (!steps.isEmpty()) {
            bring(definition, List.copyOf(steps.values()));
        }
    }

    /** What services have to have in common to share an image: replicas do, and others may. */
    private static Object imageOf(Service service) {
        boolean isNamedAfterService = service.source() instanceof Source.Build build
                && build.imageName().isEmpty();
        return isNamedAfterService ? service.declaredName() : service.source();
    }

    private void bring(StackDefinition definition, List<Step> steps) {
        List<PlannedStep> planned = new ArrayList<>();
        steps.forEach(step -> planned.add(new PlannedStep(planned.size() + 1, step, "asked for", List.of())));
        Plan plan = new Plan(planned, List.of());
        try {
            listener.accept(new StackEvent.Planned(runs.clock().instant(), plan));
            Timeline unused =
                    runs.follow(runs.prepare(plan, definition, Observed.NOTHING, Map.of(), Optional.empty(), listener));
        } catch (StepFailedException e) {
            throw new StartFailedException(new FailureReport(runs.driver(), definition, Set.of()).of(e), e);
        } catch (InterruptedException e) {
            throw StackInterruptedException.duringChange(e);
        }
    }
}
