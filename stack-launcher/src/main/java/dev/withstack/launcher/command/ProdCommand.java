package dev.withstack.launcher.command;

import dev.withstack.core.model.Environment;
import dev.withstack.launcher.command.BringUp.Afterwards;
import dev.withstack.launcher.command.BringUp.Whole;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Starts the stack as a release, and stays to watch it. */
@Command(name = "prod", description = "Start the stack as a release, and stay to restart what stays unhealthy.")
final class ProdCommand implements StackCommand {
    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    UpSwitches switches = new UpSwitches();

    @Parameters(
            paramLabel = "STACK|SERVICE",
            completionCandidates = StackNames.class,
            description = "the stack, or services to start with what they need")
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
        return new BringUp(session.in(Environment.PROD), switches, Whole.EVERYTHING).run(words, Afterwards.STAY);
    }
}
