package dev.withstack.launcher.command;

import dev.withstack.core.diagnosis.Checkup;
import dev.withstack.core.diagnosis.Finding;
import dev.withstack.launcher.console.Console;
import dev.withstack.launcher.console.JsonText;
import dev.withstack.launcher.console.Style;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Looks at a stack from every side and says what to do about what is wrong. */
@Command(
        name = "check",
        description =
                "Ask the engine, the ports, and each service from inside and outside; say what to do. Exit code 8 if something is wrong.")
final class CheckCommand implements StackCommand {
    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Parameters(paramLabel = "STACK", completionCandidates = StackNames.class, description = "the stack")
    List<String> words = new ArrayList<>();

    @Override
    public CommonOptions common() {
        return common;
    }

    @Override
    public boolean takes(List<String> given) {
        words.addAll(given);
        return true;
    }

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        session.services(session.in(environment).take(words));
        boolean isThere = !session.observed().containers().isEmpty();
        List<Finding> findings = new Checkup(session.driver(), session.runningDefinition()).run();
        show(session, findings);
        boolean isWell = findings.stream().noneMatch(finding -> finding.verdict() == Finding.Verdict.BAD);
        if (!isThere && isWell) {
            throw session.notRunning();
        }
        return !isThere ? ExitCode.NOT_RUNNING : isWell ? ExitCode.OK : ExitCode.UNHEALTHY;
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
            findings.forEach(finding -> lines(finding, width, console.style()).forEach(console::line));
        }
    }

    private static Map<String, Object> fields(Finding finding) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", "finding");
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
