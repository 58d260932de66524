package dev.withstack.core;

import dev.withstack.core.driver.container.ContainerDriver;
import dev.withstack.core.driver.container.ImagePolicy;
import dev.withstack.core.driver.process.HostDriver;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.Selection;
import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.engine.StackEvent;
import dev.withstack.core.engine.UpOptions;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.profile.Profiles;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The front door for programs that run a stack themselves.
 *
 * <p>A stack of {@link Environment#TEST} is a run of its own: under names that no other run has, on any free ports of
 * the loopback address, without volumes that outlive it; as many as you like at once. Closing its handle removes it and all that
 * it has written. If the process ends without that, a watchdog beside it does so, or else the next test stack that is
 * started on the machine.
 *
 * <p>A stack of any other environment is the one lasting stack of its name. Closing its handle takes down what the
 * start has started, and keeps the data; what was running before is left running.
 */
public final class Stacks {
    static final UpOptions OF_RUNS = UpOptions.DEFAULT.newVolumes(UpOptions.NewVolumes.KEPT_FIRST);
    private static final int RUN_BITS = 40;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Stacks() {}

    /**
     * Start the whole stack and wait until it is ready, as {@link #start(StackDefinition, Path, Consumer)} does, with
     * the current directory as the project and nobody listening.
     */
    public static RunningStack start(StackDefinition definition) {
        return start(definition, Path.of(""), event -> {});
    }

    /**
     * Start the whole stack and wait until it is ready. The stack belongs to the caller, who closes the handle.
     *
     * @param project where services that are built have their source
     * @param listener is told all that happens, from several threads
     * @throws dev.withstack.core.engine.StartFailedException if a service fails; nothing is left behind
     * @throws dev.withstack.core.engine.StackInterruptedException if the calling thread is interrupted, which cancels the
     *     start; nothing is left behind
     * @throws dev.withstack.core.driver.DriverException if no engine can be reached
     */
    public static RunningStack start(StackDefinition definition, Path project, Consumer<StackEvent> listener) {
        return start(definition, Selection.all(), engine(System.getenv(), project), listener);
    }

    /**
     * Start the selected services of the stack on an engine, and wait until they are ready. The stack belongs to the
     * caller, who closes the handle.
     *
     * @param engine is closed with the handle, or when the start fails
     */
    public static RunningStack start(
            StackDefinition definition, Selection selection, StackEngine engine, Consumer<StackEvent> listener) {
        try {
            return definition.environment() == Environment.TEST
                    ? startRun(definition, selection, engine, listener)
                    : startLasting(definition, selection, engine, listener);
        } catch (RuntimeException | Error e) {
            engine.close();
            throw e;
        }
    }

    /**
     * Open the engine that {@link #start(StackDefinition)} uses.
     *
     * @param environment the process environment, for {@code DOCKER_HOST} and the like
     * @param project where services that are built have their source
     * @throws dev.withstack.core.driver.DriverException if no engine can be reached
     */
    public static StackEngine engine(Map<String, String> environment, Path project) {
        String images = System.getProperty(
                ImagePolicy.PROPERTY, environment.getOrDefault("WITHSTACK_IMAGES", ImagePolicy.AUTO.name()));
        Path home = Path.of(System.getProperty("user.home"));
        ContainerDriver containers = ContainerDriver.open(environment, home, project, ImagePolicy.of(images));
        Path state = stateDirectory(environment);
        return new StackEngine(
                new HostDriver(containers, project, state, environment, Clock.systemUTC()), state, Clock.systemUTC());
    }

    private static RunningStack startRun(
            StackDefinition definition, Selection selection, StackEngine engine, Consumer<StackEvent> listener) {
        RunGuard.watch(engine.driver().environment());
        engine.sweep(listener);
        StackDefinition run = Profiles.forTest(definition).forRun(newRun());
        try {
            return engine.up(run, selection, OF_RUNS, listener).destroyedWhenClosed();
        } catch (RuntimeException | Error e) {
            destroy(run, engine, e);
            throw e;
        }
    }

    private static void destroy(StackDefinition run, StackEngine engine, Throwable failure) {
        try {
            engine.destroyRun(run);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private static RunningStack startLasting(
            StackDefinition definition, Selection selection, StackEngine engine, Consumer<StackEvent> listener) {
        Set<String> ranBefore = new LinkedHashSet<>();
        engine.driver().observe(definition.id()).containers().values().stream()
                .filter(Observed.Container::isRunning)
                .forEach(container -> ranBefore.add(container.service()));
        return engine.up(definition, selection, UpOptions.DEFAULT, listener).takenDownWhenClosed(ranBefore);
    }

    private static String newRun() {
        return new BigInteger(RUN_BITS, RANDOM).toString(Character.MAX_RADIX);
    }

    /** Return where locks and chosen ports of this user are kept: {@code $XDG_STATE_HOME/withstack} or its usual place. */
    public static Path stateDirectory(Map<String, String> environment) {
        String configured = environment.getOrDefault("XDG_STATE_HOME", "");
        Path home = Path.of(System.getProperty("user.home"));
        return (configured.isEmpty() ? home.resolve(".local/state") : Path.of(configured)).resolve("withstack");
    }
}
