package dev.withstack.launcher.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A command about a stack in one environment, or about some of its services. */
abstract class ServicesCommand extends StackCommand {
    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Parameters(
            paramLabel = "STACK|SERVICE",
            completionCandidates = StackNames.class,
            description = "the stack, or services of it")
    List<String> words = new ArrayList<>();

    @Override
    public final boolean takes(List<String> given) {
        words.addAll(given);
        return true;
    }
}
