package dev.withstack.core;

import dev.withstack.core.driver.container.ContainerDriver;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.Selection;
import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.engine.StackEvent;
import dev.withstack.core.engine.UpOptions;
import dev.withstack.core.model.StackDefinition;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.Consumer;

/** The front door for programs that run a stack themselves. */
public final class Stacks {

    private Stacks() {}

    /**
     * Start the whole stack and wait until it is ready, as {@link #start(StackDefinition, Path, Consumer)} does, with
     * the current directory as the project and nobody listening.
     */
    public static RunningStack start(StackDefinition definition) {
        return start(definition, Path.of(""), event -> {});
    }

    /**
     * Start the whole stack and wait until it is ready. The stack belongs to the caller: closing the handle removes
     * its containers and its network, and what it has written.
     *
     * @param project where services that are built have their source
     * @param listener is told all that happens, from several threads
     * @throws dev.withstack.core.engine.StartFailedException if a service fails; nothing is left behind
     * @throws dev.withstack.core.driver.DriverException if no engine can be reached
     */
    public static RunningStack start(StackDefinition definition, Path project, Consumer<StackEvent> listener) {
        StackEngine engine =
                new StackEngine(ContainerDriver.open(project), stateDirectory(System.getenv()), Clock.systemUTC());
        try {
            return engine.up(definition, Selection.all(), UpOptions.DEFAULT, listener)
                    .destroyedWhenClosed();
        } catch (RuntimeException | Error e) {
            engine.close();
            throw e;
        }
    }

    /** Return where locks and chosen ports of this user are kept: {@code $XDG_STATE_HOME/withstack} or its usual place. */
    public static Path stateDirectory(Map<String, String> environment) {
        String configured = environment.getOrDefault("XDG_STATE_HOME", "");
        Path home = Path.of(System.getProperty("user.home"));
        return (configured.isEmpty() ? home.resolve(".local/state") : Path.of(configured)).resolve("withstack");
    }
}
