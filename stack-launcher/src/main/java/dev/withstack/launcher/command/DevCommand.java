package dev.withstack.launcher.command;

import dev.withstack.core.model.Environment;
import dev.withstack.launcher.command.BringUp.Afterwards;
import dev.withstack.launcher.command.BringUp.Whole;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts what a developer needs around the service that he works on. */
@Command(name = "dev", description = "Start what you develop against, and show how to run the rest on this host.")
final class DevCommand implements StackCommand {
    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    UpSwitches switches = new UpSwitches();

    @Option(names = "--attach", description = "stay, and restart what stays unhealthy")
    boolean attach;

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
        return new BringUp(session.in(Environment.DEV), switches, Whole.DEVELOPED_ON)
                .run(words, attach ? Afterwards.STAY : Afterwards.RETURN);
    }
}
