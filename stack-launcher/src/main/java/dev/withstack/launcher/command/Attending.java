package dev.withstack.launcher.command;

import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.diagnosis.Exit;
import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.PostMortem;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.StackEvent;
import dev.withstack.core.engine.Supervisor;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Observed;
import dev.withstack.launcher.render.PlainProgress;
import dev.withstack.launcher.render.Rendering;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Stays in the foreground with the processes that this launcher keeps, and shows what they print. They end with it: at
 * Ctrl-C, or when one of them dies that is not to be started again. Containers stay.
 */
final class Attending {
    private final Session session;
    private final RunningStack stack;
    private final UpSwitches switches;
    private final StackId id;
    private final List<String> processes;
    private final BlockingQueue<ContainerEvent> events = new LinkedBlockingQueue<>();
    private List<Observed.Container> last = List.of();

    Attending(Session session, RunningStack stack, UpSwitches switches) {
        this.session = session;
        this.stack = stack;
        this.switches = switches;
        this.id = stack.definition().id();
        this.processes = stack.definition().services().values().stream()
                .filter(service -> service.source() instanceof Source.Process)
                .map(service -> service.name())
                .toList();
    }

    ExitCode run(BringUp.Afterwards afterwards) throws InterruptedException {
        String names = String.join(" and ", processes);
        try (Rendering rendering = rendering();
                Foreground.Watch interrupts = session.surroundings()
                        .foreground()
                        .interruptedBy(
                                () -> tell(
                                        rendering, "Ending " + names + "; the containers stay. Ctrl-C again forces."),
                                () -> {});
                Driver.Watch watch = session.driver().watch(id, events::add);
                Driver.Watch log = log()) {
            tell(
                    rendering,
                    "Staying with " + names + ", which end with this launcher. Ctrl-C ends them; the containers stay.");
            Thread supervisor = supervisor(afterwards, rendering);
            try {
                return untilTheEnd(rendering);
            } catch (InterruptedException e) {
                end(rendering);
                return ExitCode.INTERRUPTED;
            } finally {
                supervisor.interrupt();
            }
        }
    }

    private Driver.Watch log() {
        return session.output() == OutputMode.QUIET
                ? () -> {}
                : new LogView(session, processes)
                        .begin(session.surroundings().clock().instant());
    }

    private ExitCode untilTheEnd(Consumer<StackEvent> listener) throws InterruptedException {
        while (true) {
            Optional<Death> death = firstDead();
            if (death.isEmpty()) {
                ContainerEvent event = events.take();
                death = event instanceof ContainerEvent.Died died && processes.contains(died.service())
                        ? judge(died, listener)
                        : Optional.empty();
            }
            if (death.isPresent()) {
                end(listener);
                throw new CommandFailedException(
                        ExitCode.FAILED, report(death.get()).text());
            }
            if (noneIsLeft()) {
                tell(listener, "All were stopped from elsewhere; nothing is left to stay with.");
                return ExitCode.OK;
            }
        }
    }

    /** A process that has ended, and is not to come back. */
    private record Death(String service, int exitCode, Optional<Instant> at) {}

    /** One may have died before anybody listened. */
    private Optional<Death> firstDead() throws InterruptedException {
        return seen().stream()
                .filter(process -> process.state() == Observed.State.EXITED)
                .filter(process -> !session.driver().wasAskedToEnd(id, process.service()))
                .findFirst()
                .map(process -> new Death(process.service(), process.exitCode(), Optional.empty()));
    }

    /** An engine that does not answer just now is no reason to end what runs beside it. */
    private List<Observed.Container> seen() throws InterruptedException {
        try {
            last = session.driver().observe(id).containers().values().stream()
                    .filter(process -> processes.contains(process.service()))
                    .toList();
        } catch (DriverException e) {
            if (Thread.interrupted()) {
                InterruptedException interrupted = new InterruptedException(e.getMessage());
                interrupted.initCause(e);
                throw interrupted;
            }
        }
        return last;
    }

    private Optional<Death> judge(ContainerEvent.Died died, Consumer<StackEvent> listener) throws InterruptedException {
        if (session.driver().wasAskedToEnd(id, died.service())) {
            tell(listener, died.service() + " was stopped from elsewhere.");
            return Optional.empty();
        }
        boolean comesBack = seen().stream()
                .anyMatch(process ->
                        process.service().equals(died.service()) && process.state() != Observed.State.EXITED);
        if (comesBack) {
            // one that was stopped and started from elsewhere has ended with 0
            tell(
                    listener,
                    died.service() + (died.exitCode() == 0 ? "" : " " + cause(died.exitCode()) + "; it")
                            + " is started again.");
            return Optional.empty();
        }
        return Optional.of(new Death(died.service(), died.exitCode(), Optional.of(died.at())));
    }

    /** Who stops everything may be about to start it again: that is known when the stack is let go. */
    private boolean noneIsLeft() throws InterruptedException {
        if (isAnyLeft()) {
            return false;
        }
        session.engine().awaitQuiet(id);
        return !isAnyLeft();
    }

    private boolean isAnyLeft() throws InterruptedException {
        return seen().stream()
                .anyMatch(process ->
                        process.state() == Observed.State.RUNNING || process.state() == Observed.State.RESTARTING);
    }

    private void end(Consumer<StackEvent> listener) {
        session.engine().stop(id, processes, listener);
    }

    private Diagnosis report(Death death) {
        List<String> log = session.driver()
                .examine(id, death.service(), death.at())
                .map(PostMortem::logTail)
                .orElse(List.of());
        List<String> others =
                processes.stream().filter(name -> !name.equals(death.service())).toList();
        return new Diagnosis(
                death.service(),
                Diagnosis.Phase.RUNNING,
                Diagnosis.Kind.FAILED,
                cause(death.exitCode())
                        + (others.isEmpty() ? "." : "; " + String.join(" and ", others) + " was ended too."),
                "",
                log,
                List.of(),
                List.of(
                        "its whole log: logs " + death.service(),
                        "have it started again each time it dies: "
                                + session.environment().id() + " --restart"));
    }

    private static String cause(int exitCode) {
        return Exit.describe(exitCode, PostMortem.Memory.ENOUGH, 0);
    }

    /** What stays unhealthy is restarted as elsewhere, where that was asked for. */
    private Thread supervisor(BringUp.Afterwards afterwards, Consumer<StackEvent> listener) {
        List<String> services = List.copyOf(stack.timeline().entries().keySet());
        Thread thread = new Thread(
                () -> {
                    try (Supervisor supervisor = new Supervisor(
                            session.engine(), stack.definition(), services, switches.options(), listener)) {
                        supervisor.run();
                    } catch (InterruptedException e) {
                        // the launcher ends
                    }
                },
                "withstack-supervisor");
        thread.setDaemon(true);
        if (afterwards == BringUp.Afterwards.STAY) {
            thread.start();
        }
        return thread;
    }

    private void tell(Consumer<StackEvent> listener, String text) {
        listener.accept(new StackEvent.Notice(session.surroundings().clock().instant(), text));
    }

    /** A table drawn in place is of no use over hours: what happens is told in lines. */
    private Rendering rendering() {
        return session.output() == OutputMode.TTY ? new PlainProgress(session.console()) : session.rendering();
    }
}
