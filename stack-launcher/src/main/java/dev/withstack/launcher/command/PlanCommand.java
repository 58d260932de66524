package dev.withstack.launcher.command;

import dev.withstack.core.engine.Selection;
import dev.withstack.core.model.Environment;
import dev.withstack.core.plan.Plan;
import dev.withstack.launcher.console.JsonText;
import dev.withstack.launcher.render.JsonProgress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says what a start would do, and does nothing. */
@Command(name = "plan", description = "Show what dev, or the start command named, would do and why; change nothing.")
final class PlanCommand extends StackCommand {
    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Mixin
    UpSwitches switches = new UpSwitches();

    @Parameters(
            paramLabel = "COMMAND|STACK|SERVICE",
            completionCandidates = StackNames.class,
            description = "dev, start, stage or prod; the stack; services")
    List<String> words = new ArrayList<>();

    @Override
    public boolean takes(List<String> given) {
        words.addAll(given);
        return true;
    }

    @Override
    public ExitCode run(Session session) {
        List<String> rest = new ArrayList<>(words);
        String command = rest.isEmpty() || !isStart(rest.get(0)) ? "" : rest.remove(0);
        Environment chosen = command.isEmpty() || command.equals("start")
                ? environment.environment.orElse(Environment.DEV)
                : EnvironmentWord.find(command).orElseThrow();
        boolean isWhole = command.equals("start") || chosen != Environment.DEV;
        List<String> services = session.words().services(session.in(chosen).take(rest));
        session.sayProject();
        Selection selection = BringUp.selection(
                session, services, switches, isWhole ? BringUp.Whole.EVERYTHING : BringUp.Whole.DEVELOPED_ON);
        show(session, session.engine().plan(session.definition(), selection, switches.options()));
        return ExitCode.OK;
    }

    private static boolean isStart(String word) {
        return word.equals("start") || EnvironmentWord.find(word).isPresent();
    }

    /** Show a plan that is not carried out. */
    static void show(Session session, Plan plan) {
        if (session.output() == OutputMode.JSON) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("event", "plan");
            fields.put("stack", session.profile().name());
            fields.put("environment", session.environment().id());
            fields.putAll(JsonProgress.of(plan));
            session.console().line(JsonText.of(fields));
        } else {
            session.console().print(plan.text());
        }
    }
}
