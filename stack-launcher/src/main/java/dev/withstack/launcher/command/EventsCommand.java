package dev.withstack.launcher.command;

import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.Driver.Happening;
import dev.withstack.core.model.StackId;
import dev.withstack.launcher.console.Console;
import dev.withstack.launcher.console.JsonText;
import dev.withstack.launcher.render.HappeningText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what happens to the services of a stack. */
@Command(
        name = "events",
        description =
                "Show what happens to the services, until Ctrl-C: started, ended and how, healthy or not, frozen, removed. With"
                        + " --since what has happened, as far as the engine still knows.")
final class EventsCommand extends ServicesCommand {
    @Option(
            names = "--since",
            paramLabel = "WHEN",
            description = "what has happened since then, such as 10m or 2026-01-31T12:00:00Z, and no more")
    Optional<String> since = Optional.empty();

    @Option(
            names = {"-f", "--follow"},
            description = "with --since: go on until Ctrl-C")
    boolean follow;

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> asked = session.in(environment).take(words);
        List<String> services = asked.isEmpty() ? List.of() : session.words().existing(asked);
        session.maskSecrets();
        Instant now = session.surroundings().clock().instant();
        Optional<Instant> from = since.map(word -> TimeWord.read(word, "--since", now));
        boolean goesOn = from.isEmpty() || follow;
        if (!goesOn) {
            showPast(session, services, from.get());
            return ExitCode.OK;
        }
        CountDownLatch end = new CountDownLatch(1);
        List<Driver.Watch> watches = new ArrayList<>();
        try (Foreground.Watch interrupts = session.surroundings().foreground().interruptedBy(() -> {}, () -> {})) {
            for (StackId id : ids(session)) {
                watches.add(session.driver().watch(id, live(session, services, end)));
            }
            from.ifPresent(beginning -> showPast(session, services, beginning));
            end.await();
            return ExitCode.ENGINE;
        } finally {
            watches.forEach(Driver.Watch::close);
        }
    }

    private static Consumer<ContainerEvent> live(Session session, List<String> services, CountDownLatch end) {
        return event -> {
            show(session, services, new Happening(session.surroundings().clock().instant(), event));
            if (event instanceof ContainerEvent.WatchLost || session.console().isLost()) {
                end.countDown();
            }
        };
    }

    private static List<StackId> ids(Session session) {
        return session.profile().hasBase() ? List.of(session.baseId(), session.id()) : List.of(session.id());
    }

    private static void showPast(Session session, List<String> services, Instant beginning) {
        ids(session).stream()
                .flatMap(id -> session.driver().past(id, beginning).stream())
                .sorted(Comparator.comparing(Happening::at))
                .forEach(happening -> show(session, services, happening));
    }

    private static void show(Session session, List<String> services, Happening happening) {
        String service = happening.event().service();
        boolean isMeant = services.isEmpty() || service.isEmpty() || services.contains(service);
        if (!isMeant || session.output() == OutputMode.QUIET) {
            return;
        }
        Console console = session.console();
        console.line(
                session.output() == OutputMode.JSON
                        ? JsonText.of(HappeningText.fields(happening))
                        : HappeningText.line(happening, console.style()));
    }
}
