package dev.withstack.launcher.render;

import dev.withstack.core.engine.StackEvent;
import java.util.ArrayList;
import java.util.List;

/** The sentences for what was taken back or restarted, the same in every rendering. */
final class RestartText {

    private RestartText() {}

    static String ofRollBack(StackEvent.RolledBack back) {
        List<String> parts = new ArrayList<>();
        if (!back.services().isEmpty()) {
            parts.add("took back what was begun: " + String.join(", ", back.services()));
        }
        if (!back.broughtBack().isEmpty()) {
            parts.add("as it was before again: " + String.join(", ", back.broughtBack()));
        }
        return parts.isEmpty() ? "nothing had been begun that needs taking back" : String.join("; ", parts);
    }

    static String of(StackEvent.Restarted restarted) {
        return "restarted " + restarted.service() + " (" + restarted.cause() + "), attempt " + restarted.attempt();
    }
}
