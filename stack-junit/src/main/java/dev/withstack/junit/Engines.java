package dev.withstack.junit;

import dev.withstack.core.Stacks;
import dev.withstack.core.engine.StackEngine;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where stacks are run. */
@FunctionalInterface
interface Engines {

    /** The Docker engine that this machine uses. */
    Engines USUAL = (dockerHost, project) -> {
        Map<String, String> environment = new LinkedHashMap<>(System.getenv());
        if (!dockerHost.isEmpty()) {
            environment.put("DOCKER_HOST", dockerHost);
        }
        return Stacks.engine(environment, project);
    };

    /**
     * Open an engine, which is the caller's to close.
     *
     * @param dockerHost as {@code DOCKER_HOST} names it; empty for the usual one
     * @param project where services that are built have their source
     */
    StackEngine open(String dockerHost, Path project);
}
