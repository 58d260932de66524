package dev.withstack.core.engine;

import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.diagnosis.Diagnosis.Kind;
import dev.withstack.core.diagnosis.Diagnosis.Phase;
import dev.withstack.core.diagnosis.Exit;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.PostMortem;
import dev.withstack.core.driver.PostMortem.Memory;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts together why a start failed, while the failed container can still be looked at. */
final class FailureReport {
    private final Driver driver;
    private final StackDefinition definition;
    private final Set<String> notStarted;
    private final Secrets secrets;

    /** @param notStarted the services that were to be started when the failure ended everything */
    FailureReport(Driver driver, StackDefinition definition, Set<String> notStarted) {
        this.driver = driver;
        this.definition = definition;
        this.notStarted = notStarted;
        this.secrets = new Secrets(definition);
    }

    Diagnosis of(StepFailedException failed) {
        Step step = failed.step().step();
        String service = serviceOf(step);
        StepFailure failure = failed.failure();
        Phase phase = phaseOf(step, failure);
        Optional<PostMortem> examined = examine(service, phase, failure);
        return new Diagnosis(
                service,
                phase,
                failure instanceof StepFailure.TimedOut ? Kind.TIMED_OUT : Kind.FAILED,
                secrets.mask(causeOf(failure, examined)),
                secrets.mask(lastAnswer(failure, examined)),
                secrets.mask(examined.map(PostMortem::logTail).orElse(List.of())),
                heldBack(service),
                next(service, step, failure));
    }

    private Optional<PostMortem> examine(String service, Phase phase, StepFailure failure) {
        if (phase == Phase.PULLING || phase == Phase.BUILDING || phase == Phase.PREPARING || phase == Phase.CREATING) {
            // there is no container yet, or only the one before it
            return Optional.empty();
        }
        try {
            return driver.examine(
                    definition.id(),
                    service,
                    failure instanceof StepFailure.Died died ? Optional.of(died.at()) : Optional.empty());
        } catch (RuntimeException e) {
            // what is known already is more than nothing
            return Optional.empty();
        }
    }

    private static String serviceOf(Step step) {
        if (step instanceof Step.OfService ofService) {
            return ofService.service();
        } else if (step instanceof Step.CreateNetwork network) {
            return "network " + network.name();
        } else if (step instanceof Step.RemoveNetwork network) {
            return "network " + network.name();
        }
        return "volume " + ((Step.RemoveVolume) step).name();
    }

    private static Phase phaseOf(Step step, StepFailure failure) {
        if (step instanceof Step.PullImage) {
            return Phase.PULLING;
        } else if (step instanceof Step.BuildImage) {
            return Phase.BUILDING;
        } else if (step instanceof Step.Prepare || step instanceof Step.KeepInitialData) {
            return Phase.PREPARING;
        } else if (step instanceof Step.StartContainer
                || step instanceof Step.StartAgain
                || step instanceof Step.RunInside
                || step instanceof Step.LeadTo) {
            return Phase.STARTING;
        } else if (step instanceof Step.AwaitReady) {
            boolean wasReady = failure instanceof StepFailure.Died died && died.when() == StepFailure.When.AFTER_READY;
            return wasReady ? Phase.RUNNING : Phase.WAITING;
        } else if (step instanceof Step.StopContainer || step instanceof Step.Drain) {
            return Phase.STOPPING;
        } else if (step instanceof Step.RemoveContainer
                || step instanceof Step.SetAside
                || step instanceof Step.RemoveReplaced
                || step instanceof Step.KeepReplaced
                || step instanceof Step.TakeKept
                || step instanceof Step.RemoveVolume
                || step instanceof Step.RemoveNetwork) {
            return Phase.REMOVING;
        }
        return Phase.CREATING;
    }

    private static String causeOf(StepFailure failure, Optional<PostMortem> examined) {
        if (failure instanceof StepFailure.Died died) {
            String error = examined.map(PostMortem::error).orElse("");
            // the engine forgets it when it starts the container again
            Memory memory = died.memory() == Memory.EXHAUSTED
                    ? died.memory()
                    : examined.map(PostMortem::outOfMemory).orElse(Memory.ENOUGH);
            return Exit.describe(
                            died.exitCode(),
                            memory,
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
        if (failure instanceof StepFailure.TimedOut timedOut) {
            return timedOut.lastAnswer();
        } else if (failure instanceof StepFailure.Died died
                && !died.lastAnswer().isEmpty()) {
            return died.lastAnswer();
        }
        return examined.map(PostMortem::healthOutput).orElse("");
    }

    private List<String> heldBack(String service) {
        return notStarted.stream().filter(name -> !name.equals(service)).toList();
    }

    private List<String> next(String service, Step step, StepFailure failure) {
        List<String> next = new ArrayList<>();
        if (failure instanceof StepFailure.Hopeless hopeless && !hopeless.fix().isEmpty()) {
            next.add(hopeless.fix());
        } else if (failure instanceof StepFailure.Broken broken
                && broken.cause() instanceof DriverException refused
                && !refused.fix().isEmpty()) {
            next.add(refused.fix());
        } else if (isElsewhere(service)) {
            next.add("see that it runs at " + addressElsewhere(service)
                    + ", where the settings say it is, and that this machine reaches it");
        } else if (failure instanceof StepFailure.TimedOut) {
            next.add("give it more time with --timeout, or keep it for a look with --keep");
        } else if (failure instanceof StepFailure.Died) {
            next.add("keep it for a look with --keep, then: logs " + service);
        }
        if (step instanceof Step.AwaitReady && !(failure instanceof StepFailure.Hopeless) && !isElsewhere(service)) {
            next.add(otherVariables(definition.service(service)));
        }
        return next;
    }

    private static String otherVariables(Service service) {
        List<String> ports =
                service.endpoints().stream().map(service::portVariable).toList();
        return "more memory, another image" + (ports.isEmpty() ? ": " : " or port: ") + service.variable("MEMORY")
                + ", " + service.variable("IMAGE") + (ports.isEmpty() ? "" : ", " + String.join(", ", ports))
                + " in .env";
    }

    private boolean isElsewhere(String service) {
        return definition.services().containsKey(service)
                && definition.service(service).source() instanceof Source.External;
    }

    private String addressElsewhere(String service) {
        return ((Source.External) definition.service(service).source())
                .addresses().stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
