package dev.withstack.core;

import dev.withstack.core.driver.DriverException;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.Selection;
import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.engine.StackEvent;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Fingerprint;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.profile.Profiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A test stack that may outlive this JVM: the next one that asks for the same adopts it, as long as it was given back as it
 * was after its start. One JVM uses it at a time; who asks meanwhile has another one. When nobody has asked for a while it
 * is removed, by the watchdog of its last user or by the next test stack on the machine.
 *
 * <p>Not safe for use by several threads. Closing it removes it, unless it was given back.
 */
public final class KeptStack implements AutoCloseable {
    private static final int KEY_LENGTH = 10;
    /** Shorter than what no test outlives, after which it may be removed by anybody. */
    private static final Duration OLDEST = Duration.ofHours(12);

    private final StackEngine engine;
    private final Clock clock;
    private final KeptRun run;
    private final StackDefinition definition;
    private final RunningStack stack;
    private boolean isClosed;

    private KeptStack(StackEngine engine, Clock clock, KeptRun run, StackDefinition definition, RunningStack stack) {
        this.engine = engine;
        this.clock = clock;
        this.run = run;
        this.definition = definition;
        this.stack = stack;
    }

    /**
     * Adopt a stack that was kept of the definition, or start one.
     *
     * @param definition of {@link dev.withstack.core.model.Environment#TEST}
     * @param engine is closed with this, or when the start fails
     * @param idle how long it stays after it was given back
     * @throws dev.withstack.core.engine.StartFailedException if a service fails; nothing is left behind
     * @throws IllegalArgumentException if the stack stands on a base, which nobody could remove in time
     */
    public static KeptStack start(
            StackDefinition definition,
            Selection selection,
            StackEngine engine,
            Duration idle,
            Consumer<StackEvent> listener) {
        Path directory = Stacks.stateDirectory(engine.driver().environment());
        try {
            RunGuard.watch(engine.driver().environment());
            engine.sweep(listener);
            return start(definition, selection, engine, idle, listener, directory, Clock.systemUTC());
        } catch (RuntimeException | Error e) {
            engine.close();
            throw e;
        }
    }

    static KeptStack start(
            StackDefinition asked,
            Selection selection,
            StackEngine engine,
            Duration idle,
            Consumer<StackEvent> listener,
            Path directory,
            Clock clock) {
        if (asked.base().isPresent()) {
            throw new IllegalArgumentException(
                    "'" + asked.name() + "' stands on a base, and such a stack can't be kept.");
        }
        removeIdle(engine, directory, clock.instant());
        StackDefinition ofTest = Profiles.forTest(asked);
        KeptRun run = KeptRun.take(directory, ofTest.id(), keyOf(ofTest, selection));
        StackDefinition definition = ofTest.forRun(run.id().run());
        try {
            Optional<KeptRun.State> adopted = adopted(run, clock.instant());
            if (run.state().isPresent() && adopted.isEmpty()) {
                engine.destroyRun(definition);
            }
            Instant begun = adopted.map(KeptRun.State::begun).orElse(clock.instant());
            run.write(new KeptRun.State(begun, clock.instant(), idle, KeptRun.Order.IN_USE));
            RunningStack stack = engine.up(definition, selection, Stacks.OF_RUNS, listener);
            return new KeptStack(engine, clock, run, definition, stack);
        } catch (RuntimeException | Error e) {
            try (run) {
                engine.destroyRun(definition);
                run.forget();
            } catch (RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private static Optional<KeptRun.State> adopted(KeptRun run, Instant now) {
        return run.state()
                .filter(state -> state.order() == KeptRun.Order.CLEAN)
                .filter(state -> !state.begun().plus(OLDEST).isBefore(now));
    }

    /** Two definitions with the same key mean the same; images and files are compared when it is brought up. */
    private static String keyOf(StackDefinition definition, Selection selection) {
        StringBuilder meaning = new StringBuilder(selection.toString());
        ImageUse any = new ImageUse("", "", "", ImageUse.Standing.UPSTREAM, "", "");
        for (Service service : definition.services().values()) {
            meaning.append('\n')
                    .append(service.name())
                    .append(' ')
                    .append(Fingerprint.of(definition, service, any).toLabel());
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(meaning.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, KEY_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    /**
     * Remove the stacks that nobody has used for as long as they were to stay.
     *
     * @return when the next is due that nobody uses now
     */
    static Optional<Instant> removeIdle(StackEngine engine, Path directory, Instant now) {
        Optional<Instant> next = Optional.empty();
        for (KeptRun run : KeptRun.unused(directory)) {
            try (run) {
                KeptRun.State state = run.state().orElse(null);
                if (state != null && (state.isOver(now) || state.order() == KeptRun.Order.IN_USE)) {
                    engine.destroy(run.id(), event -> {});
                    run.forget();
                } else if (state != null) {
                    Instant due = state.used().plus(state.idle());
                    next = next.filter(other -> other.isBefore(due)).or(() -> Optional.of(due));
                }
            } catch (DriverException e) {
                // it stays until somebody looks again
            }
        }
        return next;
    }

    /** Return the stack; closing the handle does nothing. */
    public RunningStack stack() {
        return stack;
    }

    /** Leave it to whoever asks for the same. The caller has put it back to what it was after the start. */
    public void giveBack() {
        if (!isClosed) {
            isClosed = true;
            try (engine;
                    run) {
                KeptRun.State state = run.state().orElseThrow();
                run.write(new KeptRun.State(state.begun(), clock.instant(), state.idle(), KeptRun.Order.CLEAN));
            }
        }
    }

    /** Remove it with all its data. */
    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            try (engine;
                    run) {
                engine.destroyRun(definition);
                run.forget();
            }
        }
    }
}
