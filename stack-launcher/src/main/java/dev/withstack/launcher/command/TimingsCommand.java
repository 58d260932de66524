package dev.withstack.launcher.command;

import dev.withstack.core.engine.StartTimes;
import dev.withstack.launcher.console.Console;
import dev.withstack.launcher.console.JsonText;
import dev.withstack.launcher.render.TimelinePage;
import dev.withstack.launcher.render.TimelinePicture;
import dev.withstack.launcher.render.TimesTable;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows how long the last start took, and which services decided it. */
@Command(
        name = "timings",
        description =
                "Show how long the last start took: what each service waited for, when it was started and ready, and which"
                        + " of them decided the whole. Exit code 7 if no start is remembered.")
final class TimingsCommand extends WholeStackCommand {
    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "text, html (a page with the picture and the table) or svg (the picture alone); text unless given")
    Format format = Format.TEXT;

    /** As what a start is shown. */
    enum Format {
        TEXT,
        HTML,
        SVG
    }

    @Override
    public ExitCode run(Session session) {
        session.in(environment).words().takeStackOnly(words);
        StartTimes times = StartTimes.ofLast(session.surroundings().stateDirectory(), session.id())
                .orElseThrow(() -> CommandFailedException.notRunning("No start of " + session.id()
                        + " is remembered. Start it with: "
                        + session.surroundings().program() + " "
                        + session.environment().id() + " " + session.called()));
        show(session, times);
        return ExitCode.OK;
    }

    private void show(Session session, StartTimes times) {
        Console console = session.console();
        String title = session.id().toString();
        switch (format) {
            case HTML -> console.print(new TimelinePage(title, times).text());
            case SVG -> console.print(new TimelinePicture(title, times).text());
            case TEXT -> {
                if (session.output() == OutputMode.JSON) {
                    times.timeline().entries().values().stream()
                            .map(entry -> JsonText.of(TimesTable.fields(times, entry)))
                            .forEach(console::line);
                    console.line(JsonText.of(whole(session, times)));
                } else if (session.output() != OutputMode.QUIET) {
                    console.line(console.style().bold(title) + ", started at "
                            + times.began().truncatedTo(ChronoUnit.SECONDS));
                    TimesTable.lines(times, console.style()).forEach(console::line);
                    console.line(console.style().bold(BringUp.ready(times.timeline())));
                }
            }
        }
    }

    private static Map<String, Object> whole(Session session, StartTimes times) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", "timings");
        fields.put("at", times.began().toString());
        fields.put("stack", session.profile().name());
        fields.put("environment", session.environment().id());
        fields.putAll(TimesTable.fields(times.timeline()));
        return fields;
    }
}
