package dev.withstack.launcher.command;

import dev.withstack.core.engine.Selection;
import dev.withstack.core.engine.UpOptions;
import dev.withstack.core.model.StackDefinition;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Stops services and brings them up again, with the settings of now. */
@Command(
        name = "restart",
        description = "Stop what runs, or the services named, and bring it up again with the settings of now.")
final class RestartCommand implements StackCommand {
    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Parameters(
            paramLabel = "STACK|SERVICE",
            completionCandidates = StackNames.class,
            description = "the stack, or the services to restart")
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
        StackDefinition definition = session.definition();
        List<String> there = session.runningDefinition().services().keySet().stream()
                .filter(name -> session.observed().container(name).isPresent())
                .toList();
        boolean isOfBase = services.stream()
                .anyMatch(name -> session.observedBase().container(name).isPresent());
        if (there.isEmpty() && !isOfBase) {
            throw session.notRunning();
        }
        Selection selection = new Selection.WithNeeds(services.isEmpty() ? there : services);
        return new BringUp(session, new UpSwitches(), BringUp.Whole.EVERYTHING)
                .restart(definition, selection, UpOptions.DEFAULT);
    }
}
