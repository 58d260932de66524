package dev.withstack.core.engine;

import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.diagnosis.Diagnosis.Kind;
import dev.withstack.core.diagnosis.Diagnosis.Phase;
import dev.withstack.core.diagnosis.Exit;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.PostMortem;
import dev.withstack.core.model.Names;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Puts together why a start failed, while the failed container can still be looked at. */
final class FailureReport {
    private final Driver driver;
    private final StackDefinition definition;
    private final Set<String> selected;

    FailureReport(Driver driver, StackDefinition definition, Set<String> selected) {
        this.driver = driver;
        this.definition = definition;
        this.selected = selected;
    }

    Diagnosis of(StepFailedException failed) {
        Step step = failed.step().step();
        String service = serviceOf(step);
        Optional<PostMortem> examined = examine(service);
        StepFailure failure = failed.failure();
        return new Diagnosis(
                service,
                phaseOf(step, failure),
                failure instanceof StepFailure.TimedOut ? Kind.TIMED_OUT : Kind.FAILED,
                causeOf(failure, examined),
                lastAnswer(failure, examined),
                examined.map(PostMortem::logTail).orElse(List.of()),
                heldBack(service),
                next(service, step, failure));
    }

    private Optional<PostMortem> examine(String service) {
        try {
            return driver.examine(definition.id(), service);
        } catch (RuntimeException e) {
            // what is known already is more than nothing
            return Optional.empty();
        }
    }

    private static String serviceOf(Step step) {
        if (step instanceof Step.PullImage pull) {
            return pull.service();
        } else if (step instanceof Step.BuildImage build) {
            return build.service();
        } else if (step instanceof Step.CreateVolume volume) {
            return volume.service();
        } else if (step instanceof Step.CreateContainer create) {
            return create.service();
        } else if (step instanceof Step.StartContainer start) {
            return start.service();
        } else if (step instanceof Step.AwaitReady await) {
            return await.service();
        } else if (step instanceof Step.StopContainer stop) {
            return stop.service();
        } else if (step instanceof Step.RemoveContainer remove) {
            return remove.service();
        }
        return step.text();
    }

    private static Phase phaseOf(Step step, StepFailure failure) {
        if (step instanceof Step.PullImage) {
            return Phase.PULLING;
        } else if (step instanceof Step.BuildImage) {
            return Phase.BUILDING;
        } else if (step instanceof Step.StartContainer) {
            return Phase.STARTING;
        } else if (step instanceof Step.AwaitReady) {
            boolean wasReady = failure instanceof StepFailure.Died died && died.when() == StepFailure.When.AFTER_READY;
            return wasReady ? Phase.RUNNING : Phase.WAITING;
        } else if (step instanceof Step.StopContainer || step instanceof Step.RemoveContainer) {
            return Phase.STOPPING;
        }
        return Phase.CREATING;
    }

    private static String causeOf(StepFailure failure, Optional<PostMortem> examined) {
        if (failure instanceof StepFailure.Died died) {
            String error = examined.map(PostMortem::error).orElse("");
            return Exit.describe(
                            died.exitCode(),
                            examined.map(PostMortem::outOfMemory).orElse(PostMortem.Memory.ENOUGH),
                            examined.map(PostMortem::memoryLimit).orElse(0L))
                    + (error.isEmpty() ? "" : ": " + error);
        } else if (failure instanceof StepFailure.TimedOut timedOut) {
            return "not ready after " + seconds(timedOut.patience()) + ".";
        } else if (failure instanceof StepFailure.Hopeless hopeless) {
            return hopeless.reason();
        }
        Throwable cause = ((StepFailure.Broken) failure).cause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static String lastAnswer(StepFailure failure, Optional<PostMortem> examined) {
        return failure instanceof StepFailure.TimedOut timedOut
                ? timedOut.lastAnswer()
                : examined.map(PostMortem::healthOutput).orElse("");
    }

    private List<String> heldBack(String service) {
        if (!definition.services().containsKey(service)) {
            return List.of();
        }
        return definition.graph().dependentClosure(List.of(service)).stream()
                .filter(name -> !name.equals(service) && selected.contains(name))
                .toList();
    }

    private static List<String> next(String service, Step step, StepFailure failure) {
        List<String> next = new ArrayList<>();
        if (failure instanceof StepFailure.Hopeless hopeless && !hopeless.fix().isEmpty()) {
            next.add(hopeless.fix());
        } else if (failure instanceof StepFailure.Broken broken
                && broken.cause() instanceof DriverException refused
                && !refused.fix().isEmpty()) {
            next.add(refused.fix());
        } else if (failure instanceof StepFailure.TimedOut) {
            next.add("give it more time with --timeout, or keep it for a look with --keep");
        } else if (failure instanceof StepFailure.Died) {
            next.add("keep it for a look with --keep, then: logs " + service);
        }
        if (step instanceof Step.AwaitReady && !(failure instanceof StepFailure.Hopeless)) {
            next.add("more memory, another image or port: " + Names.variable(service, "MEMORY") + ", "
                    + Names.variable(service, "IMAGE") + ", " + Names.variable(service, "PORT") + " in .env");
        }
        return next;
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
