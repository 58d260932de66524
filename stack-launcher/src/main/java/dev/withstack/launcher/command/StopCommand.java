package dev.withstack.launcher.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stops services, dependants first; nothing is removed. */
@Command(name = "stop", description = "Stop the stack or some of its services; they can be started again as they were.")
final class StopCommand implements StackCommand {
    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Option(names = "--base", description = "the base that environments share too; refused while another uses it")
    boolean base;

    @Parameters(
            paramLabel = "STACK|SERVICE",
            completionCandidates = StackNames.class,
            description = "the stack, or the services to stop")
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
        List<String> services = session.in(environment).take(words);
        return new TakeDown(session, services, base ? TakeDown.Reach.BASE_TOO : TakeDown.Reach.ENVIRONMENT).stop();
    }
}
