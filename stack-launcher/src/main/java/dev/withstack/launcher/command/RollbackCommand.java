package dev.withstack.launcher.command;

import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.engine.UpOptions;
import dev.withstack.core.model.StackDefinition;
import java.util.List;
import picocli.CommandLine.Command;

/** Goes back to the version that was kept. */
@Command(
        name = "rollback",
        description = {
            "Go back to the version that deploy has kept: the entry leads to it at once, without a request lost; what has no"
                    + " entry follows. What is left is kept in turn, so rollback again goes forward.",
            "Data stays as it is: a migration that the old version does not suit has to be taken back before."
        })
final class RollbackCommand extends ServicesCommand {
    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> services = session.words().services(session.in(environment).take(words));
        if (session.observed().containers().isEmpty()) {
            throw session.notRunning();
        }
        StackDefinition definition = session.definition();
        StackEngine engine = session.engine();
        return new BringUp(session, new UpSwitches(), BringUp.Whole.EVERYTHING)
                .replace(listener -> engine.rollback(definition, services, UpOptions.DEFAULT, listener));
    }
}
