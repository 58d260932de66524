package dev.withstack.launcher.command;

import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.engine.UpOptions;
import dev.withstack.core.model.StackDefinition;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Replaces what runs by its new version. */
@Command(
        name = "update",
        description = {
            "Bring what runs to what its definition, settings and source say now: one replica at a time, the new one beside"
                    + " the old one, which ends when the new one is ready and what it has in hand is finished. What is one"
                    + " and has a port of its own is stopped for it; the plan says so.",
            "The first that does not become ready ends the update: it is taken back, and the others stay as they are."
        })
final class UpdateCommand extends ServicesCommand {
    @Mixin
    RolloutSwitches switches = new RolloutSwitches();

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> services = session.words().services(session.in(environment).take(words));
        if (session.observed().containers().isEmpty()) {
            throw session.notRunning();
        }
        session.sayProject();
        StackDefinition definition = session.definition();
        StackEngine engine = session.engine();
        UpOptions options = switches.options();
        if (switches.dryRun) {
            PlanCommand.show(session, engine.planUpdate(definition, services, options));
            return ExitCode.OK;
        }
        return new BringUp(session, new UpSwitches(), BringUp.Whole.EVERYTHING)
                .replace(listener -> engine.update(definition, services, options, listener));
    }
}
