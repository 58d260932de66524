package dev.withstack.junit;

import dev.withstack.core.driver.Driver.LogLine;
import dev.withstack.core.engine.RunningService;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.Timeline;
import dev.withstack.core.health.Answer;
import dev.withstack.core.model.Source;
import dev.withstack.core.plan.Observed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What there is to see of a stack when a test is over.
 *
 * @param since when the test began
 */
record Evidence(RunningStack stack, Instant since, EvidenceDirectory directory) {
    private static final Logger LOG = LoggerFactory.getLogger(Evidence.class);
    private static final int LAST_LINES = 10;

    /** Return the state of the services as an exception, to go along with a failure. */
    Exception asException() {
        String where = directory.when() == EvidenceDirectory.When.NEVER
                ? ""
                : "\n  logs of this test, timeline and state: " + directory.path();
        return new StackAtFailure("the stack was in this state:\n" + state() + where);
    }

    /** Carries words, and no place in the program. */
    private static final class StackAtFailure extends Exception {
        private static final long serialVersionUID = 1L;

        StackAtFailure(String message) {
            super(message, null, false, false);
        }

        @Override
        public String toString() {
            return "StackAtFailure: " + getMessage();
        }
    }

    /** Return a line for each service, with its last log lines if it does not do its work. */
    String state() {
        List<String> lines = new ArrayList<>();
        for (RunningService service : services()) {
            Optional<Observed.Container> container = service.container();
            String trouble = trouble(service, container);
            lines.add("  " + service.name() + ": "
                    + container
                            .map(one -> one.state().name().toLowerCase(Locale.ROOT)
                                    + (one.state() == Observed.State.EXITED ? " with " + one.exitCode() : ""))
                            .orElse("no container of ours")
                    + (trouble.isEmpty() ? ", ready" : ", not ready: " + trouble));
            if (!trouble.isEmpty()) {
                List<LogLine> log = log(service);
                log.subList(Math.max(0, log.size() - LAST_LINES), log.size())
                        .forEach(line -> lines.add("    | " + line.text()));
            }
        }
        return String.join("\n", lines);
    }

    private List<RunningService> services() {
        return stack.timeline().entries().keySet().stream().map(stack::service).toList();
    }

    private static String trouble(RunningService service, Optional<Observed.Container> container) {
        if (!(service.definition().source() instanceof Source.External)
                && container.filter(Observed.Container::isRunning).isEmpty()) {
            boolean isDone = container.map(Observed.Container::state).equals(Optional.of(Observed.State.COMPLETED));
            return isDone ? "" : "it does not run";
        }
        try {
            Answer answer = service.ask();
            return answer instanceof Answer.Ready ? "" : answer.text();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted while it was asked";
        } catch (RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** A log that can't be read must not hide what has failed. */
    private List<LogLine> log(RunningService service) {
        try {
            return service.logsSince(since);
        } catch (RuntimeException e) {
            return List.of(new LogLine(service.name(), since, "(its log can't be read: " + e.getMessage() + ")"));
        }
    }

    /** Write all of it down, if that is wanted of such a test. */
    void write(Outcome outcome) {
        boolean isWanted =
                switch (directory.when()) {
                    case ALWAYS -> true;
                    case FAILED -> outcome == Outcome.FAILED;
                    case NEVER -> false;
                };
        if (isWanted) {
            try {
                Files.createDirectories(directory.path());
                for (RunningService service : services()) {
                    write(
                            service.name() + ".log",
                            log(service).stream()
                                    .map(line -> line.at() + " " + line.text())
                                    .collect(Collectors.joining("\n")));
                }
                write("timeline.txt", timeline());
                write("state.txt", state());
            } catch (IOException e) {
                LOG.warn("What the stack did can't be written to '{}': {}", directory.path(), e.getMessage());
            }
        }
    }

    /** How a test has ended. */
    enum Outcome {
        PASSED,
        FAILED
    }

    private void write(String file, String text) throws IOException {
        Path unused = Files.writeString(directory.path().resolve(file), text + "\n");
    }

    private String timeline() {
        List<String> lines =
                new ArrayList<>(List.of("ready in " + stack.timeline().total().toMillis() + " ms"));
        for (Timeline.Entry entry : stack.timeline().entries().values()) {
            lines.add(entry.service() + ": started at " + entry.started().toMillis() + " ms, ready at "
                    + entry.ready().toMillis() + " ms"
                    + (entry.waitedFor().isEmpty() ? "" : ", waited for " + String.join(", ", entry.waitedFor())));
        }
        return String.join("\n", lines);
    }
}
