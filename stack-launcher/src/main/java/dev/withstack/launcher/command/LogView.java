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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Prints the log lines of several services as one, each with its service in front. */
final class LogView {
    /** The last lines, and all that follow. */
    static final LogRequest FOLLOWING = new LogRequest(50, Optional.empty(), Follow.YES);

    /** Lets every line through. */
    static final Pattern ANYTHING = Pattern.compile("");

    private final Session session;
    private final List<String> services;
    private final List<String> words;
    private final Pattern wanted;
    private final int width;
    private final Map<String, Instant> latest = new ConcurrentHashMap<>();
    private final CountDownLatch unread = new CountDownLatch(1);

    LogView(Session session, List<String> services) {
        this(session, services, services, ANYTHING);
    }

    /**
     * @param services that are there
     * @param words what was asked for: what comes later is shown too if it is meant by them; none means all
     * @param wanted is found in every line that is shown
     */
    LogView(Session session, List<String> services, List<String> words, Pattern wanted) {
        this.session = session;
        this.services = new CopyOnWriteArrayList<>(services);
        this.words = words;
        this.wanted = wanted;
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
        services.forEach(service -> lines.addAll(past(service, request)));
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

    /** Of the lines that are wanted, as many as asked for: others don't count. */
    private Collection<LogLine> past(String service, LogRequest request) {
        boolean isWhole = wanted == ANYTHING || request.tail() < 0;
        LogRequest asked = isWhole ? request : new LogRequest(-1, request.since(), Follow.NO);
        Deque<LogLine> lines = new ArrayDeque<>();
        session.driver()
                .logs(session.idOf(service), service, asked, line -> {
                    if (isWanted(line)) {
                        lines.addLast(line);
                    }
                    if (!isWhole && lines.size() > request.tail()) {
                        lines.removeFirst();
                    }
                })
                .close();
        return lines;
    }

    private boolean isWanted(LogLine line) {
        return wanted.matcher(line.text()).find();
    }

    /** Show from now on what processes of this host print, until closed: their logs outlast them. */
    Driver.Watch begin(Instant beginning) {
        List<Driver.Watch> followed =
                services.stream().map(service -> followOne(service, beginning)).toList();
        return () -> followed.forEach(Driver.Watch::close);
    }

    /** Follow every service, and again when its container is started again, until Ctrl-C or nobody reads. */
    private ExitCode follow(Optional<Instant> since) throws InterruptedException {
        Map<String, Driver.Watch> followed = new ConcurrentHashMap<>();
        Instant beginning = since.orElse(session.surroundings().clock().instant());
        try (Foreground.Watch interrupts = session.surroundings().foreground().interruptedBy(() -> {}, () -> {});
                Driver.Watch restarts = watchStarts(service -> follow(service, beginning, followed))) {
            services.forEach(service -> follow(service, beginning, followed));
            unread.await();
            throw new OutputLostException();
        } finally {
            followed.values().forEach(Driver.Watch::close);
        }
    }

    private Driver.Watch watchStarts(Consumer<String> again) {
        List<Driver.Watch> watches = services.stream()
                .map(session::idOf)
                .distinct()
                .map(id -> session.driver().watch(id, event -> {
                    if (event instanceof ContainerEvent.Started started && isMeant(started.service())) {
                        again.accept(started.service());
                    }
                }))
                .toList();
        return () -> watches.forEach(Driver.Watch::close);
    }

    /** One that was not there before is meant too: a replica that was added, or all if none is named. */
    private boolean isMeant(String service) {
        if (services.contains(service)) {
            return true;
        }
        boolean isMeant =
                words.isEmpty() || words.stream().anyMatch(word -> service.matches(Pattern.quote(word) + "-[0-9]+"));
        if (isMeant) {
            services.add(service);
        }
        return isMeant;
    }

    private void follow(String service, Instant beginning, Map<String, Driver.Watch> followed) {
        Driver.Watch earlier = followed.remove(service);
        if (earlier != null) {
            earlier.close();
        }
        followed.put(service, followOne(service, beginning));
    }

    private Driver.Watch followOne(String service, Instant beginning) {
        Instant last = latest.get(service);
        Instant from = last == null ? beginning : last.plusNanos(1);
        LogRequest request = new LogRequest(-1, Optional.of(from), Follow.YES);
        try {
            return session.driver().logs(session.idOf(service), service, request, line -> {
                if (isWanted(line)) {
                    print(line);
                }
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
