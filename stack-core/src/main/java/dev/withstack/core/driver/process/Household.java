package dev.withstack.core.driver.process;

import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.Lease;
import dev.withstack.core.health.Answer;
import dev.withstack.core.model.RestartPolicy;
import dev.withstack.core.plan.Observed.Health;
import dev.withstack.core.plan.Observed.State;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The processes of one stack that this launcher keeps: starts them, writes down what becomes of them, starts again what is
 * to be, does what other launchers wish, and ends them all when it is closed. Thread-safe.
 */
final class Household implements AutoCloseable {
    private static final Duration BETWEEN_WISHES = Duration.ofMillis(200);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(500);
    /** Who is well is asked in every fourth round only. */
    private static final int ROUNDS_WHEN_WELL = 4;

    private static final Duration GRACE_OF_ORPHANS = Duration.ofSeconds(2);
    private static final int UNHEALTHY_AFTER = 3;

    private final ProcessStore store;
    private final Sessions sessions;
    private final Guard guard;
    private final ScheduledExecutorService timer;
    private final Clock clock;
    private final Consumer<ContainerEvent> listener;
    private final Map<String, Child> children = new LinkedHashMap<>();
    private final List<Future<?>> rounds = new ArrayList<>();
    private boolean isClosed;
    private int round;

    Household(
            ProcessStore store,
            Sessions sessions,
            Guard guard,
            ScheduledExecutorService timer,
            Clock clock,
            Consumer<ContainerEvent> listener) {
        this.store = store;
        this.sessions = sessions;
        this.guard = guard;
        this.timer = timer;
        this.clock = clock;
        this.listener = listener;
        store.keep(Lease.ofThisProcess());
        every(BETWEEN_WISHES, this::fulfilWishes);
        every(BETWEEN_QUESTIONS, this::askAll);
    }

    /** A process that runs, or is to be started again. */
    private static final class Child {
        private final Launch launch;
        private final BackOff backOff;
        private Thread output = new Thread();
        private Instant startedAt = Instant.EPOCH;
        private int badAnswers;
        private boolean isWell;

        Child(Launch launch, BackOff backOff) {
            this.launch = launch;
            this.backOff = backOff;
        }
    }

    /** Start the process of a record that is there. */
    synchronized void launch(Launch launch) throws IOException {
        store.forgetStop(launch.service());
        start(new Child(launch, new BackOff()));
    }

    private void start(Child child) throws IOException {
        Launch launch = child.launch;
        ProcessRecord record = record(launch.service());
        ProcessBuilder builder = new ProcessBuilder(sessions.ofItsOwn(launch.command()))
                .directory(launch.directory().toFile())
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        builder.environment().put(Family.VARIABLE, record.id());
        guard.expect(record.id(), launch.grace());
        Process process = builder.start();
        process.getOutputStream().close();
        Lease lease = Lease.of(process.toHandle());
        guard.watch(record.id(), lease);
        child.startedAt = clock.instant();
        child.badAnswers = 0;
        child.isWell = false;
        child.output = follow(process, store.log(launch.service()));
        children.put(launch.service(), child);
        store.write(record.running(lease, child.startedAt));
        listener.accept(new ContainerEvent.Started(launch.service(), record.id()));
        CompletableFuture<Void> unused =
                process.onExit().thenAcceptAsync(ended -> ended(child, ended.exitValue()), timer);
    }

    private Thread follow(Process process, LogFile log) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            log.append(clock.instant(), line);
                        }
                    } catch (IOException | UncheckedIOException e) {
                        // its end is noticed elsewhere
                    }
                },
                "withstack-output");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void ended(Child child, int exitCode) {
        String service = child.launch.service();
        ProcessRecord record = store.read(service).orElse(null);
        if (record == null) {
            return;
        }
        try {
            // whom it leaves behind holds its ports and its output
            record.family().end(GRACE_OF_ORPHANS, Pause.REAL);
            child.output.join(GRACE_OF_ORPHANS.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String id = record.id();
        Instant at = clock.instant();
        int code = write(child, exitCode, at);
        listener.accept(new ContainerEvent.Died(service, id, code, at));
    }

    private synchronized int write(Child child, int exitCode, Instant at) {
        String service = child.launch.service();
        boolean isWished = store.isStopWished(service);
        int code = isWished ? 0 : exitCode;
        boolean comesBack = !isWished && !isClosed && isRestarted(child.launch.restart(), exitCode);
        store.read(service)
                .ifPresent(record -> store.write(record.ended(comesBack ? State.RESTARTING : State.EXITED, code, at)));
        if (comesBack) {
            Duration pause = child.backOff.next(Duration.between(child.startedAt, at));
            Future<?> unused = timer.schedule(() -> startAgain(child), pause.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            leave(child, service);
        }
        return code;
    }

    private void leave(Child child, String service) {
        children.remove(service, child);
        store.read(service).ifPresent(record -> guard.release(record.id()));
    }

    private static boolean isRestarted(RestartPolicy policy, int exitCode) {
        return switch (policy) {
            case NEVER -> false;
            case ON_FAILURE -> exitCode != 0;
            case UNLESS_STOPPED -> true;
        };
    }

    private synchronized void startAgain(Child child) {
        String service = child.launch.service();
        boolean isDue = !isClosed
                && children.get(service) == child
                && store.read(service)
                        .filter(record -> record.state() == State.RESTARTING)
                        .isPresent();
        if (!isDue) {
            return;
        }
        try {
            start(child);
        } catch (IOException | RuntimeException e) {
            trouble(service, e);
        }
    }

    private void trouble(String service, Exception why) {
        children.remove(service);
        store.read(service)
                .ifPresent(record -> store.write(record.troubled(String.valueOf(why.getMessage()), clock.instant())));
    }

    /** Do what other launchers have asked for. */
    private void fulfilWishes() {
        for (Launch launch : store.takeLaunches()) {
            try {
                launch(launch);
            } catch (IOException | RuntimeException e) {
                synchronized (this) {
                    trouble(launch.service(), e);
                }
            }
        }
        settleStopped();
    }

    /** What is to be started again has no process that could be ended. */
    private synchronized void settleStopped() {
        for (Child child : List.copyOf(children.values())) {
            String service = child.launch.service();
            store.read(service)
                    .filter(record -> record.state() == State.RESTARTING && store.isStopWished(service))
                    .ifPresent(record -> {
                        store.write(record.ended(State.EXITED, 0, clock.instant()));
                        leave(child, service);
                    });
        }
    }

    private void askAll() {
        List<Child> asked;
        synchronized (this) {
            boolean isForAll = round++ % ROUNDS_WHEN_WELL == 0;
            asked = children.values().stream()
                    .filter(child -> isForAll || !child.isWell)
                    .toList();
        }
        for (Child child : asked) {
            child.launch.health().ifPresent(ask -> ask(child, ask));
        }
    }

    private void ask(Child child, HealthAsk ask) {
        try {
            Answer answer = ask.ask();
            synchronized (this) {
                child.isWell = answer instanceof Answer.Ready;
                child.badAnswers = child.isWell ? 0 : child.badAnswers + 1;
                note(child);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(Child child) {
        String service = child.launch.service();
        ProcessRecord record = store.read(service).orElse(null);
        if (record == null || record.state() != State.RUNNING) {
            return;
        }
        Health before = record.health();
        Health now = before;
        if (child.badAnswers == 0) {
            now = Health.HEALTHY;
        } else if (child.badAnswers >= UNHEALTHY_AFTER && before != Health.STARTING) {
            now = Health.UNHEALTHY;
        }
        if (now != before) {
            store.write(record.health(now));
            String word = now.name().toLowerCase(java.util.Locale.ROOT);
            listener.accept(new ContainerEvent.HealthChanged(service, record.id(), word));
        }
    }

    private ProcessRecord record(String service) {
        return store.read(service)
                .orElseThrow(() -> new IllegalStateException("Nothing is written of '" + service + "'."));
    }

    private void every(Duration pause, Runnable work) {
        rounds.add(timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException e) {
                        // the next time may do better; an exception would end all times
                    }
                },
                pause.toMillis(),
                pause.toMillis(),
                TimeUnit.MILLISECONDS));
    }

    /** End all, those first that were started last, and keep no more. */
    @Override
    public void close() {
        List<Child> latestFirst;
        synchronized (this) {
            isClosed = true;
            latestFirst = new ArrayList<>(children.values());
        }
        rounds.forEach(each -> each.cancel(false));
        Collections.reverse(latestFirst);
        for (Child child : latestFirst) {
            String service = child.launch.service();
            store.wishStop(service);
            store.read(service).ifPresent(record -> end(record, child));
        }
        store.keepNoMore();
    }

    private void end(ProcessRecord record, Child child) {
        try {
            record.family().end(child.launch.grace(), Pause.REAL);
            child.output.join(GRACE_OF_ORPHANS.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.read(record.service())
                .filter(now -> now.state() != State.EXITED)
                .ifPresent(now -> store.write(now.ended(State.EXITED, 0, clock.instant())));
    }
}
