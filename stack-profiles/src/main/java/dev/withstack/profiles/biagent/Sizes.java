package dev.withstack.profiles.biagent;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Limits;

/** What a container may use: in a release as much as is said here, on a laptop all there is. */
final class Sizes {

    private Sizes() {}

    static Limits of(Environment environment, double cpus, String memory) {
        return environment.isRelease() ? Limits.NONE.cpus(cpus).memory(memory).reservedCpus(cpus / 2) : Limits.NONE;
    }
}
