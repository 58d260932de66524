package dev.withstack.core.engine;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Remembers the times of the last start of a stack, until its data is destroyed. What can't be read or written is passed
 * over: nothing but a look back hangs on it.
 */
final class StartMemory {
    private final StackId id;
    private final StateFile file;

    StartMemory(Path stateDirectory, StackId id) {
        this.id = id;
        this.file = new StateFile(stateDirectory.resolve(id.prefix() + ".start"));
    }

    /** Remember a start in which something was started. */
    void remember(StartTimes times) {
        // nobody looks back at a test, and each has a name of its own
        if (times.started().isEmpty() || id.environment() == Environment.TEST) {
            return;
        }
        try {
            file.write(lines(times));
        } catch (IOException e) {
            // the start itself has succeeded
        }
    }

    Optional<StartTimes> recall() {
        try {
            List<String> lines = file.read();
            return lines.isEmpty() ? Optional.empty() : Optional.of(read(lines));
        } catch (IOException | DateTimeException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    void forget() {
        try {
            file.remove();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't remove " + file + ".", e);
        }
    }

    private static List<String> lines(StartTimes times) {
        List<String> lines = new ArrayList<>();
        lines.add("began\t" + times.began());
        times.images()
                .forEach((service, span) -> lines.add("image\t" + service + "\t" + span.from() + "\t" + span.to()));
        for (Timeline.Entry entry : times.timeline().entries().values()) {
            lines.add(String.join(
                    "\t",
                    times.started().contains(entry.service()) ? "started" : "found",
                    entry.service(),
                    entry.started().toString(),
                    entry.ready().toString(),
                    String.join(",", entry.waitedFor())));
        }
        lines.add("total\t" + times.timeline().total());
        return lines;
    }

    private static StartTimes read(List<String> lines) {
        Instant began = Instant.EPOCH;
        Map<String, StartTimes.Span> images = new LinkedHashMap<>();
        Set<String> started = new LinkedHashSet<>();
        Map<String, Timeline.Entry> entries = new LinkedHashMap<>();
        Duration total = Duration.ZERO;
        for (String line : lines) {
            String[] cells = line.split("\t", -1);
            switch (cells[0]) {
                case "began" -> began = Instant.parse(cells[1]);
                case "total" -> total = Duration.parse(cells[1]);
                case "image" ->
                    images.put(cells[1], new StartTimes.Span(Duration.parse(cells[2]), Duration.parse(cells[3])));
                default -> {
                    if (cells[0].equals("started")) {
                        started.add(cells[1]);
                    }
                    entries.put(
                            cells[1],
                            new Timeline.Entry(
                                    cells[1],
                                    cells[4].isEmpty() ? List.of() : List.of(cells[4].split(",")),
                                    Duration.parse(cells[2]),
                                    Duration.parse(cells[3])));
                }
            }
        }
        return new StartTimes(began, images, started, new Timeline(entries, total));
    }
}
