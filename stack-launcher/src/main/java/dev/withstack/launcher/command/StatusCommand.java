package dev.withstack.launcher.command;

import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.plan.Observed;
import dev.withstack.launcher.console.Console;
import dev.withstack.launcher.console.JsonText;
import dev.withstack.launcher.render.ServiceRow;
import dev.withstack.launcher.render.ServiceTable;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what runs, by what the engine says alone. */
@Command(
        name = "status",
        description =
                "Show what runs: state, health, addresses, images. Exit code 7 if nothing does, 8 if something is not well.")
final class StatusCommand extends ServicesCommand {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    @Option(names = "--wait", description = "wait until all is well")
    boolean waits;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "2m",
            converter = DurationWord.class,
            description = "how long to wait at most, such as 30s; two minutes unless given")
    Duration longest = Duration.ZERO;

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> asked = session.in(environment).take(words);
        Observed observed =
                waits ? session.observedBase().and(whenWell(session, asked, longest)) : session.observedWithBase();
        if (observed.containers().isEmpty()) {
            session.words().services(asked);
            throw session.notRunning();
        }
        asked.stream().filter(word -> observed.meant(word).isEmpty()).forEach(word -> session.words()
                .checkWord(word, List.copyOf(observed.containers().keySet())));
        List<String> services = session.words().meant(asked);
        List<ServiceRow> rows = Rows.of(observed, session.driver().host()).stream()
                .filter(row -> services.isEmpty() || services.contains(row.service()))
                .toList();
        ExitCode exitCode = judge(meant(observed, services));
        show(session, rows, exitCode);
        session.remark(wayBack(observed, services));
        session.unfinishedRestores()
                .forEach(restore -> session.remark(restore.text() + " To do: " + restore.fix() + "."));
        return exitCode;
    }

    /** Return what is kept besides, or an empty text. */
    private static String wayBack(Observed observed, List<String> services) {
        String kept = observed.kept().values().stream()
                .filter(container -> services.isEmpty() || services.contains(container.service()))
                .map(container ->
                        container.service() + " from " + container.image().used())
                .collect(Collectors.joining(", "));
        return kept.isEmpty() ? "" : "Kept to go back to: " + kept + " (rollback; deploy --accept ends it).";
    }

    /** Return what is there as soon as all is well, or what is there when the time is up. */
    private static Observed whenWell(Session session, List<String> services, Duration longest)
            throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        BlockingQueue<ContainerEvent> changes = new LinkedBlockingQueue<>();
        try (Driver.Watch watch = session.driver().watch(session.id(), changes::add)) {
            Observed observed = session.driver().observe(session.id());
            while (!isSettled(meant(observed, services)) && System.nanoTime() < end) {
                // not every change is told of by each engine, so it is looked for all the same
                changes.poll(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
                observed = session.driver().observe(session.id());
            }
            return observed;
        }
    }

    private static boolean isSettled(List<Observed.Container> containers) {
        boolean isStarting = containers.stream().anyMatch(container -> container.health() == Observed.Health.STARTING);
        return containers.isEmpty() || (!isStarting && judge(containers) == ExitCode.OK);
    }

    private static List<Observed.Container> meant(Observed observed, List<String> services) {
        return observed.containers().values().stream()
                .filter(container -> services.isEmpty() || services.contains(container.service()))
                .toList();
    }

    private static ExitCode judge(Collection<Observed.Container> containers) {
        if (containers.stream().noneMatch(StatusCommand::isAlive)) {
            return ExitCode.NOT_RUNNING;
        }
        return containers.stream().allMatch(StatusCommand::isWell) ? ExitCode.OK : ExitCode.UNHEALTHY;
    }

    private static boolean isWell(Observed.Container container) {
        boolean isHealthy =
                container.isRunning() && container.health() != Observed.Health.UNHEALTHY && !container.isCutOff();
        return isHealthy || container.state() == Observed.State.COMPLETED;
    }

    private static boolean isAlive(Observed.Container container) {
        return container.state() == Observed.State.RUNNING || container.state() == Observed.State.RESTARTING;
    }

    private static void show(Session session, List<ServiceRow> rows, ExitCode exitCode) {
        Console console = session.console();
        switch (session.output()) {
            case QUIET -> {}
            case JSON -> {
                rows.forEach(row -> console.bulk(JsonText.of(ServiceTable.fields(row))));
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("event", "status");
                fields.put("stack", session.profile().name());
                fields.put("environment", session.environment().id());
                fields.put("exitCode", exitCode.code());
                console.line(JsonText.of(fields));
            }
            case AUTO, PLAIN, TTY -> {
                boolean isBaseAlone = session.observed().containers().isEmpty();
                console.bulk(console.style().bold((isBaseAlone ? session.baseId() : session.id()).toString()));
                ServiceTable.lines(rows, console.style(), session.columns()).forEach(console::bulk);
                String footnote = ServiceTable.footnote(rows);
                if (!footnote.isEmpty()) {
                    console.bulk(console.style().dim(footnote));
                }
                console.flush();
            }
        }
    }
}
