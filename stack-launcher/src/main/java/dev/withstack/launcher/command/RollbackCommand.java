package dev.withstack.launcher.command;

import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.engine.UpOptions;
import dev.withstack.core.model.StackDefinition;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Goes back to the version that was kept. */
@Command(
        name = "rollback",
        description = {
            "Go back to the version that deploy has kept: the entry leads to it at once, without a request lost; what has no"
                    + " entry follows. What is left is kept in turn, so rollback again goes forward.",
            "Data stays as it is: a migration that the old version does not suit has to be taken back before."
        })
final class RollbackCommand implements StackCommand {
    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Parameters(
            paramLabel = "STACK|SERVICE",
            completionCandidates = StackNames.class,
            description = "the stack, or the services to roll back")
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
        List<String> services = session.services(session.in(environment).take(words));
        if (session.observed().containers().isEmpty()) {
            throw session.notRunning();
        }
        StackDefinition definition = session.definition();
        StackEngine engine = session.engine();
        return new BringUp(session, new UpSwitches(), BringUp.Whole.EVERYTHING)
                .replace(listener -> engine.rollback(definition, services, UpOptions.DEFAULT, listener));
    }
}
