package dev.withstack.launcher.command;

import dev.withstack.core.diagnosis.Checkup;
import dev.withstack.core.diagnosis.Finding;
import dev.withstack.core.diagnosis.HostCheck;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.Problem;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.settings.Settings;
import dev.withstack.launcher.console.Console;
import dev.withstack.launcher.console.JsonText;
import dev.withstack.launcher.console.Style;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks at a stack from every side and says what to do about what is wrong. */
@Command(
        name = "check",
        description =
                "Ask the engine, its machine, the settings, the ports, the images, and each service from inside and outside, and"
                        + " look for what was left over; say what to do. Exit code 8 if something is wrong, 4 if the settings"
                        + " are, 7 if nothing runs.")
final class CheckCommand extends WholeStackCommand {
    @Option(
            names = "--release",
            description =
                    "see also to what matters before a new version goes out: variables and health checks, locked images, a"
                            + " recent backup, migrations, the way back")
    boolean release;

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> rest = session.in(environment).take(words);
        List<Finding> findings;
        try {
            session.words().services(rest);
            StackDefinition definition = session.runningDefinition();
            findings = new ArrayList<>(new Checkup(session.driver(), definition).run());
            findings.add(settings(session));
            findings.addAll(unfinishedRestores(session));
            if (release) {
                findings.addAll(new ReleaseCheck(session, definition).run());
            }
            findings.sort(Comparator.comparing(Finding::group));
        } catch (InvalidDefinitionException e) {
            show(session, withoutDefinition(session, e));
            return ExitCode.INVALID;
        }
        boolean isThere = !session.observed().containers().isEmpty();
        show(session, findings);
        boolean isWell = findings.stream().noneMatch(finding -> finding.verdict() == Finding.Verdict.BAD);
        if (!isThere && isWell) {
            throw session.notRunning();
        }
        return !isThere ? ExitCode.NOT_RUNNING : isWell ? ExitCode.OK : ExitCode.UNHEALTHY;
    }

    private static Finding settings(Session session) {
        Settings settings = session.settings();
        long given = settings.asked().stream()
                .filter(asked -> settings.find(asked.name()).isPresent())
                .count();
        return Finding.good(
                Finding.Group.SETTINGS,
                "settings",
                "complete: " + given + " given, the other " + (settings.asked().size() - given)
                        + " as usual (config shows them)");
    }

    private static List<Finding> unfinishedRestores(Session session) {
        return session.unfinishedRestores().stream()
                .map(restore -> Finding.bad(Finding.Group.LEFTOVERS, "restore", restore.text(), restore.fix()))
                .toList();
    }

    /** Settings that are not fit for a start are found beside what can be said without them. */
    private static List<Finding> withoutDefinition(Session session, InvalidDefinitionException invalid) {
        List<Finding> findings = new ArrayList<>(new HostCheck(session.anyDriver()).run());
        for (Problem problem : invalid.problems()) {
            findings.add(Finding.bad(Finding.Group.SETTINGS, problem.where(), problem.what(), problem.fix()));
        }
        return findings;
    }

    private static void show(Session session, List<Finding> findings) {
        Console console = session.console();
        if (session.output() == OutputMode.JSON) {
            findings.forEach(finding -> console.line(JsonText.of(fields(finding))));
        } else if (session.output() != OutputMode.QUIET) {
            int width = findings.stream()
                    .mapToInt(finding -> finding.subject().length())
                    .max()
                    .orElse(0);
            Finding.Group group = null;
            for (Finding finding : findings) {
                if (finding.group() != group) {
                    group = finding.group();
                    console.line(console.style().bold(group.title()));
                }
                lines(finding, width, console.style()).forEach(console::line);
            }
        }
    }

    private static Map<String, Object> fields(Finding finding) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", "finding");
        fields.put("group", finding.group().name().toLowerCase(Locale.ROOT));
        fields.put("subject", finding.subject());
        fields.put("verdict", finding.verdict().name().toLowerCase(Locale.ROOT));
        fields.put("text", finding.text());
        fields.put("fix", finding.fix());
        return fields;
    }

    private static List<String> lines(Finding finding, int width, Style style) {
        String subject =
                finding.subject() + " ".repeat(width - finding.subject().length());
        List<String> lines = new ArrayList<>();
        lines.add(mark(finding.verdict(), style) + "  " + style.bold(subject) + "  " + finding.text());
        if (!finding.fix().isEmpty()) {
            lines.add(" ".repeat(10 + width) + style.dim("→ " + finding.fix()));
        }
        return lines;
    }

    private static String mark(Finding.Verdict verdict, Style style) {
        return switch (verdict) {
            case GOOD -> style.green("✔ ok   ");
            case DOUBTFUL -> style.yellow("! note ");
            case BAD -> style.red("✘ wrong");
        };
    }
}
