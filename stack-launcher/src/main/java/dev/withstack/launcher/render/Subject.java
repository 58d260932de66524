package dev.withstack.launcher.render;

import dev.withstack.core.plan.Step;
import java.util.Optional;

/** Says which service a step is about. */
final class Subject {

    private Subject() {}

    static Optional<String> of(Step step) {
        if (step instanceof Step.PullImage pull) {
            return Optional.of(pull.service());
        } else if (step instanceof Step.BuildImage build) {
            return Optional.of(build.service());
        } else if (step instanceof Step.CreateVolume volume) {
            return Optional.of(volume.service());
        } else if (step instanceof Step.CreateContainer create) {
            return Optional.of(create.service());
        } else if (step instanceof Step.StartContainer start) {
            return Optional.of(start.service());
        } else if (step instanceof Step.AwaitReady await) {
            return Optional.of(await.service());
        } else if (step instanceof Step.StopContainer stop) {
            return Optional.of(stop.service());
        } else if (step instanceof Step.RemoveContainer remove) {
            return Optional.of(remove.service());
        }
        return Optional.empty();
    }
}
