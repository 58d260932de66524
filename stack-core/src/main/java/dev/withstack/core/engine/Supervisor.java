package dev.withstack.core.engine;

import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.PostMortem;
import dev.withstack.core.health.Answer;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.PlanRefusedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stays with a running stack and restarts what stays unhealthy: with a pause that doubles each time, and a limit, after
 * which a service is left as it is. A process that dies is the engine's to restart, by the service's policy; what was
 * stopped or removed by hand is left alone.
 *
 * <p>Services with a check inside their container are watched by the engine; the others are asked here, slowly. Used by
 * one thread, once. Closing it leaves the stack running.
 */
public final class Supervisor implements AutoCloseable {
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    static final Duration BETWEEN_PROBES = Duration.ofSeconds(10);
    static final Duration WINDOW = Duration.ofMinutes(10);
    static final Duration TIME_TO_NOTICE = Duration.ofSeconds(30);
    static final int MOST_RESTARTS = 5;

    private static final int LONGEST_CAUSE = 200;

    private final StackEngine engine;
    private final StackDefinition asked;
    private final UpOptions options;
    private final Consumer<StackEvent> listener;
    private final Waiting waiting;
    private final Clock clock;
    private final BlockingQueue<ContainerEvent> events = new LinkedBlockingQueue<>();
    private final Map<String, Patient> patients = new LinkedHashMap<>();
    private StackDefinition definition;
    private Driver.@Nullable Watch watch;
    private Instant nextLook;
    private int lostWatches;

    /** Waits for the next event, but not longer than given. */
    @FunctionalInterface
    interface Waiting {
        Optional<ContainerEvent> next(BlockingQueue<ContainerEvent> events, Duration longest)
                throws InterruptedException;
    }

    /**
     * @param definition as the stack was brought up
     * @param services those to watch, and with one of several replicas the others
     * @param options how a service is brought up again
     * @param listener is told of every restart, and of what a person should know
     */
    public Supervisor(
            StackEngine engine,
            StackDefinition definition,
            Collection<String> services,
            UpOptions options,
            Consumer<StackEvent> listener) {
        this(
                engine,
                definition,
                services,
                options,
                listener,
                (queue, longest) -> Optional.ofNullable(queue.poll(longest.toMillis(), TimeUnit.MILLISECONDS)));
    }

    Supervisor(
            StackEngine engine,
            StackDefinition definition,
            Collection<String> services,
            UpOptions options,
            Consumer<StackEvent> listener,
            Waiting waiting) {
        this.engine = engine;
        this.asked = definition;
        this.definition = engine.attach(definition).definition();
        this.options = options.onFailure(UpOptions.OnFailure.KEEP);
        this.listener = listener;
        this.waiting = waiting;
        this.clock = engine.clock();
        this.nextLook = clock.instant();
        for (String name : services) {
            Service service = this.definition.service(name);
            if (!(service.source() instanceof Source.External) && !service.isOneShot()) {
                patients.put(name, new Patient(service));
            }
        }
    }

    /** The stack may have been scaled meanwhile. */
    private void welcomeReplicas(Observed observed) {
        definition = engine.attach(asked).definition();
        Set<String> watched = new HashSet<>();
        patients.values().forEach(patient -> patient.service.replicaOf().ifPresent(watched::add));
        for (Service service : definition.services().values()) {
            boolean isWatched = service.replicaOf().filter(watched::contains).isPresent();
            if (isWatched && observed.container(service.name()).isPresent()) {
                patients.putIfAbsent(service.name(), new Patient(service));
            }
        }
    }

    /** What is known of one service. */
    private static final class Patient {
        private final Service service;
        private final RestartHistory history = new RestartHistory();
        private Optional<String> cause = Optional.empty();
        private Instant due = Instant.MAX;
        private Optional<Instant> notReadySince = Optional.empty();
        private boolean isLeftAlone;

        Patient(Service service) {
            this.service = service;
        }

        void ails(String why, Instant now) {
            if (cause.isEmpty()) {
                due = now.plus(history.pause(now));
            }
            cause = Optional.of(why);
        }

        void recovered() {
            cause = Optional.empty();
            due = Instant.MAX;
            notReadySince = Optional.empty();
        }
    }

    /**
     * Watch until the calling thread is interrupted, or nothing is left to watch.
     *
     * @throws InterruptedException if the thread is interrupted: the usual end
     */
    public void run() throws InterruptedException {
        open();
        look();
        while (patients.values().stream().anyMatch(patient -> !patient.isLeftAlone)) {
            waiting.next(events, untilNext()).ifPresent(this::take);
            if (!clock.instant().isBefore(nextLook)) {
                look();
            }
            restartWhatIsDue();
        }
        tell("Nothing is left to watch of " + definition.id() + ".");
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    private Duration untilNext() {
        Instant next = nextLook;
        for (Patient patient : patients.values()) {
            boolean isEarlier = patient.due.isBefore(next);
            next = isEarlier && !patient.isLeftAlone && !isHeldUp(patient) ? patient.due : next;
        }
        Duration wait = Duration.between(clock.instant(), next);
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    private void open() {
        watch = engine.driver().watch(definition.id(), events::add);
    }

    private void take(ContainerEvent event) {
        if (event instanceof ContainerEvent.WatchLost lost) {
            close();
            tell("The connection to the engine was lost (" + lost.reason() + "); trying to get it back.");
            return;
        }
        Patient patient = patients.get(event.service());
        if (patient == null || patient.isLeftAlone) {
            return;
        }
        if (event instanceof ContainerEvent.HealthChanged changed && !isOfAnotherVersion(changed)) {
            healthChanged(patient, changed.health());
        } else if (event instanceof ContainerEvent.Died died) {
            tell(died.service() + " ended with exit code " + died.exitCode() + "." + dependantsText(died.service()));
        } else if (event instanceof ContainerEvent.OutOfMemory) {
            tell(event.service() + " ran out of memory.");
        }
    }

    /** A version that is being brought up, or is kept as the way back, is not what is used. */
    private boolean isOfAnotherVersion(ContainerEvent.HealthChanged event) {
        try {
            Observed observed = engine.driver().observe(definition.id());
            Observed.Container kept = observed.kept().get(event.service());
            return observed.aside().containsKey(event.service())
                    || (kept != null && kept.id().equals(event.containerId()));
        } catch (DriverException e) {
            return false;
        }
    }

    private void healthChanged(Patient patient, String health) {
        if (health.equals("healthy")) {
            patient.recovered();
        } else if (health.equals("unhealthy")) {
            patient.ails("unhealthy" + lastAnswer(patient.service.name()), clock.instant());
        }
    }

    private String lastAnswer(String service) {
        try {
            return engine.driver()
                    .examine(definition.id(), service)
                    .map(PostMortem::healthOutput)
                    .map(Supervisor::lastLine)
                    .filter(line -> !line.isEmpty())
                    .map(line -> ": " + line)
                    .orElse("");
        } catch (DriverException e) {
            return "";
        }
    }

    /** A check that fails in a program of its own may print pages; the last line says why. */
    private static String lastLine(String output) {
        String[] lines = output.strip().split("\\R");
        String last = lines[lines.length - 1].strip();
        return last.length() > LONGEST_CAUSE ? last.substring(0, LONGEST_CAUSE) + "…" : last;
    }

    /** Look at everything, slowly: what events can't tell or have not told. */
    private void look() throws InterruptedException {
        nextLook = clock.instant().plus(BETWEEN_PROBES);
        try {
            if (watch == null) {
                open();
                lostWatches = 0;
                tell("The connection to the engine is back.");
            }
            lookAtAll();
        } catch (DriverException e) {
            close();
            if (lostWatches++ == 0) {
                tell("The engine does not answer: " + e.getMessage());
            }
        }
    }

    private void lookAtAll() throws InterruptedException {
        nextLook = clock.instant().plus(BETWEEN_PROBES);
        Observed observed = engine.driver().observe(definition.id());
        welcomeReplicas(observed);
        for (Patient patient : patients.values()) {
            boolean isBeingReplaced = observed.aside().containsKey(patient.service.name());
            if (!patient.isLeftAlone && !isBeingReplaced) {
                lookAt(patient, observed.container(patient.service.name()));
            }
        }
    }

    private void lookAt(Patient patient, Optional<Observed.Container> found) throws InterruptedException {
        String name = patient.service.name();
        if (found.isEmpty()) {
            leave(patient, name + " was removed by someone else; it is no longer watched.");
            return;
        }
        Observed.Container container = found.get();
        switch (container.state()) {
            case RUNNING -> askAbout(patient, container);
            case RESTARTING -> patient.notReadySince = Optional.empty();
            case CREATED, PAUSED, EXITED, COMPLETED, DEAD -> {
                // the engine restarts what died by itself: what stays down was stopped, or is not to be restarted
                if (patient.cause.isEmpty()) {
                    leave(patient, name + " is stopped; it is no longer watched.");
                }
            }
        }
    }

    private void askAbout(Patient patient, Observed.Container container) throws InterruptedException {
        if (patient.service.containerCheck().isPresent()) {
            switch (container.health()) {
                case UNHEALTHY -> healthChanged(patient, "unhealthy");
                case HEALTHY -> patient.recovered();
                case STARTING, NONE -> {}
            }
            return;
        }
        Answer answer = engine.attach(asked).service(patient.service.name()).ask();
        if (answer instanceof Answer.Ready) {
            patient.recovered();
            return;
        }
        Instant now = clock.instant();
        Instant since = patient.notReadySince.orElse(now);
        patient.notReadySince = Optional.of(since);
        if (Duration.between(since, now).compareTo(patient.service.patience()) >= 0) {
            patient.ails("not ready for " + Duration.between(since, now).toSeconds() + " s: " + answer.text(), now);
        }
    }

    private void restartWhatIsDue() throws InterruptedException {
        for (Patient patient : patients.values()) {
            boolean isDue = patient.cause.isPresent() && !clock.instant().isBefore(patient.due);
            if (!patient.isLeftAlone && isDue && !isHeldUp(patient)) {
                restart(patient, patient.cause.get());
            }
        }
    }

    /** What it needs is restarted first: that may be all it lacks. */
    private boolean isHeldUp(Patient patient) {
        return definition.graph().dependenciesOf(patient.service.name()).stream()
                .map(patients::get)
                .anyMatch(needed -> needed != null && !needed.isLeftAlone && needed.cause.isPresent());
    }

    private void restart(Patient patient, String cause) throws InterruptedException {
        String name = patient.service.name();
        Instant now = clock.instant();
        if (patient.history.count(now) >= MOST_RESTARTS) {
            leave(
                    patient,
                    "Gave up on " + name + " after " + MOST_RESTARTS + " restarts in " + WINDOW.toMinutes() + " min: "
                            + cause + "." + dependantsText(name));
            return;
        }
        patient.history.add(now);
        int attempt = patient.history.count(now);
        Optional<String> failure = tryRestart(name);
        events.removeIf(event -> event.service().equals(name));
        patient.recovered();
        listener.accept(new StackEvent.Restarted(clock.instant(), name, cause, attempt));
        if (failure.isPresent()) {
            tell(name + " did not recover: " + failure.get());
            patient.ails(cause, clock.instant());
        } else {
            dependantsOf(name).forEach(dependant -> tellRestarted(name, dependant));
        }
    }

    /** That a service is back may be all that those who need it lacked: give them time to notice. */
    private void tellRestarted(String name, String dependant) {
        tell(dependant + ": " + name + ", which it needs, was restarted.");
        Patient patient = patients.get(dependant);
        if (patient != null && patient.cause.isPresent()) {
            patient.due = clock.instant().plus(TIME_TO_NOTICE);
        }
    }

    private Optional<String> tryRestart(String name) throws InterruptedException {
        try {
            engine.restart(asked, new Selection.Only(List.of(name)), options, event -> {})
                    .close();
            return Optional.empty();
        } catch (StackInterruptedException e) {
            throw new InterruptedException(e.getMessage());
        } catch (StartFailedException e) {
            return Optional.of(e.diagnosis().cause());
        } catch (PlanRefusedException | DriverException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void leave(Patient patient, String why) {
        patient.isLeftAlone = true;
        tell(why);
    }

    private List<String> dependantsOf(String name) {
        return definition.graph().dependentsOf(name).stream()
                .filter(patients::containsKey)
                .toList();
    }

    private String dependantsText(String name) {
        List<String> dependants = dependantsOf(name);
        return dependants.isEmpty() ? "" : " It is needed by " + String.join(", ", dependants) + ".";
    }

    private void tell(String text) {
        listener.accept(new StackEvent.Notice(clock.instant(), text));
    }
}
