package dev.withstack.launcher.render;

import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.engine.StackEvent;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.PlannedStep;
import dev.withstack.core.plan.Step;
import dev.withstack.launcher.console.Console;
import dev.withstack.launcher.console.JsonText;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One JSON object a line, an event each. The names of the fields are promised: {@code docs/json-output.md} lists them.
 */
public final class JsonProgress implements Rendering {
    private final Console console;

    public JsonProgress(Console console) {
        this.console = console;
    }

    @Override
    public void accept(StackEvent event) {
        console.line(JsonText.of(fields(event)));
    }

    @Override
    public void close() {
        console.flush();
    }

    private static Map<String, Object> fields(StackEvent event) {
        if (event instanceof StackEvent.Planned planned) {
            return with(begin("planned", event.at()), of(planned.plan()));
        } else if (event instanceof StackEvent.StepStarted started) {
            return with(begin("step-started", event.at()), of(started.step()));
        } else if (event instanceof StackEvent.StepProgress progress) {
            Map<String, Object> fields = with(begin("step-progress", event.at()), of(progress.step()));
            fields.put("text", progress.text());
            return fields;
        } else if (event instanceof StackEvent.StepDone done) {
            Map<String, Object> fields = with(begin("step-done", event.at()), of(done.step()));
            fields.put("seconds", JsonText.seconds(done.took()));
            return fields;
        } else if (event instanceof StackEvent.NotReady notReady) {
            Map<String, Object> fields = begin("not-ready", event.at());
            fields.put("service", notReady.service());
            fields.put("reason", notReady.reason());
            return fields;
        } else if (event instanceof StackEvent.Ready ready) {
            Map<String, Object> fields = begin("ready", event.at());
            fields.put("service", ready.service());
            return fields;
        } else if (event instanceof StackEvent.Notice notice) {
            Map<String, Object> fields = begin("notice", event.at());
            fields.put("text", notice.text());
            return fields;
        } else if (event instanceof StackEvent.Failed failed) {
            return with(begin("failed", event.at()), of(failed.diagnosis()));
        } else if (event instanceof StackEvent.RolledBack back) {
            Map<String, Object> fields = begin("rolled-back", event.at());
            fields.put("services", back.services());
            fields.put("broughtBack", back.broughtBack());
            return fields;
        } else if (event instanceof StackEvent.Restarted restarted) {
            Map<String, Object> fields = begin("restarted", event.at());
            fields.put("service", restarted.service());
            fields.put("cause", restarted.cause());
            fields.put("attempt", restarted.attempt());
            return fields;
        }
        return with(begin("finished", event.at()), TimesTable.fields(((StackEvent.Finished) event).timeline()));
    }

    /** Return the fields of a plan: {@code steps}, each with number, step, service, cause and after; {@code notes}. */
    public static Map<String, Object> of(Plan plan) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("steps", plan.steps().stream().map(JsonProgress::of).toList());
        fields.put("notes", plan.notes());
        return fields;
    }

    /** Return the fields of a diagnosis. */
    public static Map<String, Object> of(Diagnosis diagnosis) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("service", diagnosis.service());
        fields.put("phase", diagnosis.phase().name().toLowerCase(Locale.ROOT));
        fields.put("kind", diagnosis.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        fields.put("cause", diagnosis.cause());
        fields.put("lastAnswer", diagnosis.lastAnswer());
        fields.put("log", diagnosis.logTail());
        fields.put("heldBack", diagnosis.heldBack());
        fields.put("next", diagnosis.next());
        return fields;
    }

    private static Map<String, Object> of(PlannedStep planned) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("number", planned.number());
        fields.put("step", planned.step().text());
        if (planned.step() instanceof Step.OfService ofService) {
            fields.put("service", ofService.service());
        }
        fields.put("cause", planned.cause());
        fields.put("after", planned.after());
        return fields;
    }

    private static Map<String, Object> begin(String event, Instant at) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", event);
        fields.put("at", at.toString());
        return fields;
    }

    private static Map<String, Object> with(Map<String, Object> fields, Map<String, Object> more) {
        fields.putAll(more);
        return fields;
    }
}
