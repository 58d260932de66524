package dev.withstack.launcher.command;

import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.Driver.Follow;
import dev.withstack.core.driver.Driver.LogLine;
import dev.withstack.core.driver.Driver.LogRequest;
import dev.withstack.core.driver.DriverException;
import dev.withstack.launcher.console.Console;
import dev.withstack.launcher.console.JsonText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Prints the log lines of several services as one, each with its service in front. */
final class LogView {
    private final Session session;
    private final List<String> services;
    private final int width;
    private final Map<String, Instant> latest = new ConcurrentHashMap<>();
    private final CountDownLatch unread = new CountDownLatch(1);

    LogView(Session session, List<String> services) {
        this.session = session;
        this.services = services;
        this.width = services.stream().mapToInt(String::length).max().orElse(0);
    }

    ExitCode show(LogRequest request) throws InterruptedException {
        showPast(new LogRequest(request.tail(), request.since(), Follow.NO));
        return switch (request.follow()) {
            case NO -> ExitCode.OK;
            case YES -> follow(request.since());
        };
    }

    private void showPast(LogRequest request) {
        List<LogLine> lines = new ArrayList<>();
        for (String service : services) {
            session.driver()
                    .logs(session.idOf(service), service, request, lines::add)
                    .close();
        }
        // stable: lines of one service stay in their order
        lines.sort(Comparator.comparing(LogLine::at));
        int printed = 0;
        for (LogLine line : lines) {
            print(line);
            // asking costs a flush
            if (++printed % 100 == 0 && session.console().isLost()) {
                throw new OutputLostException();
            }
        }
        if (session.console().isLost()) {
            throw new OutputLostException();
        }
    }

    /** Follow every service, and again when its container is started again, until Ctrl-C or nobody reads. */
    private ExitCode follow(Optional<Instant> since) throws InterruptedException {
        ConcurrentLinkedQueue<Driver.Watch> followed = new ConcurrentLinkedQueue<>();
        Instant beginning = since.orElse(session.surroundings().clock().instant());
        try (Foreground.Watch interrupts = session.surroundings().foreground().interruptedBy(() -> {}, () -> {});
                Driver.Watch restarts = watchStarts(service -> followed.add(followOne(service, beginning)))) {
            services.forEach(service -> followed.add(followOne(service, beginning)));
            unread.await();
            throw new OutputLostException();
        } finally {
            followed.forEach(Driver.Watch::close);
        }
    }

    private Driver.Watch watchStarts(Consumer<String> again) {
        List<Driver.Watch> watches = services.stream()
                .map(session::idOf)
                .distinct()
                .map(id -> session.driver().watch(id, event -> {
                    if (event instanceof ContainerEvent.Started started && services.contains(started.service())) {
                        again.accept(started.service());
                    }
                }))
                .toList();
        return () -> watches.forEach(Driver.Watch::close);
    }

    private Driver.Watch followOne(String service, Instant beginning) {
        Instant last = latest.get(service);
        Instant from = last == null ? beginning : last.plusNanos(1);
        LogRequest request = new LogRequest(-1, Optional.of(from), Follow.YES);
        try {
            return session.driver().logs(session.idOf(service), service, request, line -> {
                print(line);
                if (session.console().isLost()) {
                    unread.countDown();
                }
            });
        } catch (DriverException e) {
            session.remark(service + " can't be followed: " + e.getMessage());
            return () -> {};
        }
    }

    private void print(LogLine line) {
        latest.put(line.service(), line.at());
        Console console = session.console();
        if (session.output() == OutputMode.JSON) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("event", "log");
            fields.put("at", line.at().toString());
            fields.put("service", line.service());
            fields.put("text", line.text());
            console.bulk(JsonText.of(fields));
            return;
        }
        String name =
                line.service() + " ".repeat(Math.max(0, width - line.service().length()));
        console.bulk(console.style().tinted(name + " |", services.indexOf(line.service())) + " " + line.text());
    }
}
