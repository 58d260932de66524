package dev.withstack.launcher.render;

import dev.withstack.core.engine.StackEvent;

/** The sentences for what was taken back or restarted, the same in every rendering. */
final class RestartText {

    private RestartText() {}

    static String ofRollBack(StackEvent.RolledBack back) {
        return back.services().isEmpty()
                ? "nothing had been begun that needs taking back"
                : "took back what was begun: " + String.join(", ", back.services());
    }

    static String of(StackEvent.Restarted restarted) {
        return "restarted " + restarted.service() + " (" + restarted.cause() + "), attempt " + restarted.attempt();
    }
}
