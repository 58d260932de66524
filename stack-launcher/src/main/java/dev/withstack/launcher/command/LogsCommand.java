package dev.withstack.launcher.command;

import dev.withstack.core.driver.Driver.Follow;
import dev.withstack.core.driver.Driver.LogRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what services have logged, merged by time. */
@Command(
        name = "logs",
        description =
                "Show what services have logged, merged by time, secrets masked. On a terminal it asks whose log, unless"
                        + " a service is named.")
final class LogsCommand extends ServicesCommand {
    private static final int USUAL_TAIL = 200;

    @Option(
            names = {"-f", "--follow"},
            description = "go on until Ctrl-C")
    boolean follow;

    @Option(
            names = {"-n", "--tail"},
            paramLabel = "N",
            description = "this many last lines of each service, or all; 200 unless given")
    Optional<String> tail = Optional.empty();

    @Option(names = "--since", paramLabel = "WHEN", description = "nothing older, such as 10m or 2026-01-31T12:00:00Z")
    Optional<String> since = Optional.empty();

    @Option(
            names = "--grep",
            paramLabel = "PATTERN",
            description = "only lines in which this regular expression is found; (?i) in front ignores case")
    Optional<String> grep = Optional.empty();

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> asked = session.in(environment).take(words);
        Instant now = session.surroundings().clock().instant();
        Optional<Instant> from = since.map(word -> TimeWord.read(word, "--since", now));
        Pattern wanted = grep.map(LogsCommand::pattern).orElse(LogView.ANYTHING);
        LogRequest request = new LogRequest(lines(), from, follow ? Follow.YES : Follow.NO);
        List<String> services =
                asked.isEmpty() ? chosen(session) : session.words().existing(asked);
        session.maskSecrets();
        return new LogView(session, services, asked, wanted).show(request);
    }

    /** Who sits at a terminal is asked: the lines of all services at once are seldom what one looks for. */
    private static List<String> chosen(Session session) {
        List<String> all = session.words().existing(List.of());
        boolean isPerson = session.output() == OutputMode.TTY
                && session.surroundings().terminal().canAnswer();
        if (!isPerson || all.size() == 1) {
            return all;
        }
        return Question.choose(session, "Whose log?", all, "all").map(List::of).orElse(all);
    }

    private int lines() {
        if (tail.isEmpty()) {
            return since.isPresent() ? -1 : USUAL_TAIL;
        }
        if (tail.get().equals("all")) {
            return -1;
        }
        try {
            return Math.max(0, Integer.parseInt(tail.get()));
        } catch (NumberFormatException e) {
            throw CommandFailedException.usage(
                    "'" + tail.get() + "' is no number of lines for --tail. Write a number, or all.");
        }
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw CommandFailedException.usage("'" + text + "' is no regular expression for --grep: "
                    + e.getDescription() + ". A backslash takes a sign as it is: \\[");
        }
    }
}
