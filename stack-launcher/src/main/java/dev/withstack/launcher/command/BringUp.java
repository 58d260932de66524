package dev.withstack.launcher.command;

import dev.withstack.core.driver.Lease;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.Selection;
import dev.withstack.core.engine.StackEvent;
import dev.withstack.core.engine.Timeline;
import dev.withstack.core.engine.UpOptions;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Tier;
import dev.withstack.core.plan.Observed;
import dev.withstack.launcher.console.Console;
import dev.withstack.launcher.console.JsonText;
import dev.withstack.launcher.render.ServiceRow;
import dev.withstack.launcher.render.ServiceTable;
import dev.withstack.launcher.render.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Brings a stack up and shows what came of it: what {@code dev}, {@code start}, {@code stage} and {@code prod} share. */
final class BringUp {
    private final Session session;
    private final UpSwitches switches;
    private final Whole whole;

    BringUp(Session session, UpSwitches switches, Whole whole) {
        this.session = session;
        this.switches = switches;
        this.whole = whole;
    }

    /** What a command starts when no service is named. */
    enum Whole {
        /** What a developer does not run on the host. */
        DEVELOPED_ON,
        INFRASTRUCTURE,
        EVERYTHING
    }

    /** Whether to stay and watch. */
    enum Afterwards {
        RETURN,
        STAY
    }

    ExitCode run(List<String> words, Afterwards afterwards) throws InterruptedException {
        List<String> services = session.words().services(session.take(words));
        session.sayProject();
        Selection selection = selection(session, services, switches, whole);
        StackDefinition definition = switches.applied(session.definition());
        AtomicBoolean changed = new AtomicBoolean();
        RunningStack stack = Work.run(
                session,
                switches.keep ? Work.Interrupted.KEEPS : Work.Interrupted.TAKES_BACK,
                listener -> session.engine().up(definition, selection, switches.options(), noting(changed, listener)));
        show(stack, changed.get());
        new HostRuns(session, stack).show();
        return afterwards(stack, afterwards);
    }

    /** Processes of this host end with the launcher that keeps them, so that one stays. */
    private ExitCode afterwards(RunningStack stack, Afterwards afterwards) throws InterruptedException {
        Optional<Lease> keeper = session.driver().keeper(stack.definition().id());
        if (keeper.filter(Lease.ofThisProcess()::equals).isPresent()) {
            return new Attending(session, stack, switches).run(afterwards);
        }
        keeper.ifPresent(
                lease -> session.remark("The processes of " + stack.definition().id()
                        + " are kept by the launcher with pid " + lease.pid() + ", and end with it."));
        return afterwards == Afterwards.STAY
                ? Watching.of(session, stack, switches).run()
                : ExitCode.OK;
    }

    /** Bring it up, then show what it logs until Ctrl-C, which leaves it running. */
    ExitCode runAndFollow(List<String> words) throws InterruptedException {
        ExitCode exitCode = run(words, Afterwards.RETURN);
        session.forgetObserved();
        List<String> services = session.words().existing(words);
        return exitCode == ExitCode.OK ? new LogView(session, services).show(LogView.FOLLOWING) : exitCode;
    }

    /** Stop what is selected and bring it up again. */
    ExitCode restart(StackDefinition definition, Selection selection, UpOptions options) throws InterruptedException {
        RunningStack stack = Work.run(
                session,
                switches.keep ? Work.Interrupted.KEEPS : Work.Interrupted.TAKES_BACK,
                listener -> session.engine().restart(definition, selection, options, listener));
        show(stack, true);
        return afterwards(stack, Afterwards.RETURN);
    }

    /** Run these numbers of replicas. */
    ExitCode scale(Map<String, Integer> replicas) throws InterruptedException {
        RunningStack stack = Work.run(session, Work.Interrupted.TAKES_BACK, listener -> session.engine()
                .scale(session.definition(), replicas, switches.options(), listener));
        show(stack, true);
        return ExitCode.OK;
    }

    /** Replace what runs by its new version, and show what there is then. */
    ExitCode replace(Work.Task<RunningStack> task) throws InterruptedException {
        AtomicBoolean changed = new AtomicBoolean();
        RunningStack stack =
                Work.run(session, Work.Interrupted.TAKES_BACK, listener -> task.run(noting(changed, listener)));
        show(stack, changed.get());
        return ExitCode.OK;
    }

    /** Work out which services are meant. */
    static Selection selection(Session session, List<String> services, UpSwitches switches, Whole whole) {
        StackDefinition definition = session.definition();
        if (!switches.only().isEmpty()) {
            if (switches.infra || !services.isEmpty()) {
                throw CommandFailedException.usage("--only starts '" + String.join("', '", switches.only())
                        + "' alone: leave --infra and other services out.");
            }
            return new Selection.Only(session.words().services(switches.only()));
        }
        if (!services.isEmpty()) {
            return new Selection.WithNeeds(services);
        }
        if (!switches.infra && whole == Whole.EVERYTHING) {
            return Selection.all();
        }
        boolean isInfra = switches.infra || whole == Whole.INFRASTRUCTURE;
        List<String> names = new ArrayList<>(
                definition.base().map(base -> base.services().keySet()).orElse(Set.of()));
        names.addAll(
                isInfra
                        ? definition.upTo(Tier.INFRASTRUCTURE)
                        : session.runningDefinition().developed());
        if (names.isEmpty()) {
            throw CommandFailedException.usage(definition.name() + " has no infrastructure to start alone.");
        }
        boolean isAll = names.size() == definition.servicesWithBase().size();
        return isAll ? Selection.all() : new Selection.WithNeeds(names);
    }

    private static Consumer<StackEvent> noting(AtomicBoolean changed, Consumer<StackEvent> listener) {
        return event -> {
            if (event instanceof StackEvent.Planned planned
                    && !planned.plan().changes().isEmpty()) {
                changed.set(true);
            }
            listener.accept(event);
        };
    }

    private void show(RunningStack stack, boolean changed) {
        List<ServiceRow> rows = Rows.of(stack, observe(stack.definition()));
        Console console = session.console();
        switch (session.output()) {
            case QUIET -> {}
            case JSON -> rows.forEach(row -> console.line(JsonText.of(ServiceTable.fields(row))));
            case AUTO, PLAIN, TTY -> {
                if (!changed) {
                    console.line(stack.definition().id() + " is up; nothing to change.");
                }
                console.line("");
                ServiceTable.lines(changed ? rows : untimed(rows), console.style(), session.columns())
                        .forEach(console::line);
                if (changed) {
                    console.line("");
                    console.line(console.style().bold(ready(stack.timeline())));
                }
            }
        }
    }

    private Observed observe(StackDefinition definition) {
        Observed own = session.driver().observe(definition.id());
        return definition.base().map(base -> observe(base).and(own)).orElse(own);
    }

    private static List<ServiceRow> untimed(List<ServiceRow> rows) {
        return rows.stream()
                .map(row -> new ServiceRow(
                        row.service(),
                        row.state(),
                        row.health(),
                        row.addresses(),
                        row.image(),
                        row.status(),
                        java.util.Optional.empty()))
                .toList();
    }

    /**
     * Return {@code ready in 4.1 s: postgres 3.4 → pipeline-api 0.6}. Where a service on the way could not be started at
     * once, for images to come or for others to be started first, that says {@code waiting}.
     */
    static String ready(Timeline timeline) {
        List<String> path = new ArrayList<>();
        Duration readyBefore = Duration.ZERO;
        for (Timeline.Entry entry : timeline.criticalPath()) {
            Duration waiting = entry.started().minus(readyBefore);
            if (waiting.compareTo(timeline.total().dividedBy(5)) > 0) {
                path.add("waiting " + Times.number(waiting));
            }
            path.add(entry.service() + " " + Times.number(entry.took()));
            readyBefore = entry.ready();
        }
        return "ready in " + Times.text(timeline.total()) + (path.isEmpty() ? "" : ": " + String.join(" → ", path));
    }

    /** Return the services that the selection leaves out. */
    static Set<String> leftOut(RunningStack stack) {
        return stack.definition().services().keySet().stream()
                .filter(name -> !stack.timeline().entries().containsKey(name))
                .collect(Collectors.toCollection(java.util.LinkedHashSet::new));
    }
}
