package dev.withstack.core.driver.process;

import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.Lease;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A command of this host that ends by itself.
 *
 * @param directory where it runs
 * @param environment all of its environment
 */
record HostCommand(List<String> command, Path directory, Map<String, String> environment) {
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** How a command ended, and what it printed. */
    record Outcome(int exitCode, List<String> lines) {
        boolean isGood() {
            return exitCode == 0;
        }

        /** Return the last line that says something. */
        String lastLine() {
            return lines.stream().filter(line -> !line.isBlank()).reduce("", (before, line) -> line.strip());
        }
    }

    /**
     * Run it to its end. An interrupt, or the end of the time, ends it with all that it has started.
     *
     * @param lines is told each line that it prints, on another thread
     * @throws DriverException if it can't be run, or takes too long
     */
    Outcome run(Duration longest, Consumer<String> lines) throws InterruptedException {
        String mark = "command:" + UUID.randomUUID();
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put(Family.VARIABLE, mark);
        List<String> printed = new CopyOnWriteArrayList<>();
        Process process = start(builder);
        Family family = new Family(mark, Optional.of(Lease.of(process.toHandle())));
        Thread reader = reader(process, line -> {
            printed.add(line);
            lines.accept(line);
        });
        try {
            if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                family.end(GRACE, Pause.REAL);
                throw new DriverException(
                        DriverException.Kind.REFUSED,
                        "'" + String.join(" ", command) + "' had not ended after " + longest.toSeconds() + " s.",
                        "");
            }
            // what it has started may go on and hold its output
            reader.join(GRACE.toMillis());
        } catch (InterruptedException e) {
            family.end(Duration.ZERO, Pause.REAL);
            throw e;
        }
        return new Outcome(process.exitValue(), List.copyOf(printed));
    }

    private Process start(ProcessBuilder builder) {
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new DriverException(
                    DriverException.Kind.REFUSED,
                    "'" + String.join(" ", command) + "' can't be run in '" + directory + "': " + e.getMessage(),
                    "",
                    e);
        }
    }

    private static Thread reader(Process process, Consumer<String> lines) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
                        reader.lines().forEach(lines);
                    } catch (IOException | java.io.UncheckedIOException e) {
                        // it has ended
                    }
                },
                "withstack-command-output");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
