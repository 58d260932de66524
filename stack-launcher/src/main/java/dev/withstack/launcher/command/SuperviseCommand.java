package dev.withstack.launcher.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Watches a stack that runs already. */
@Command(
        name = "supervise",
        description =
                "Stay with a stack that runs, or with some of its services, and restart what stays unhealthy, with pauses that"
                        + " grow and a limit. Changes nothing else; Ctrl-C leaves it running.")
final class SuperviseCommand implements StackCommand {
    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Parameters(
            paramLabel = "STACK|SERVICE",
            completionCandidates = StackNames.class,
            description = "the stack, or the services to watch")
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
        List<String> there = session.existing(session.in(environment).take(words));
        List<String> services = session.runningDefinition().services().keySet().stream()
                .filter(there::contains)
                .toList();
        if (services.isEmpty()) {
            throw session.notRunning();
        }
        return new Watching(session, services, new UpSwitches()).run();
    }
}
