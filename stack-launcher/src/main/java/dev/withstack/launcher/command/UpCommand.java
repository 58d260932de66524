package dev.withstack.launcher.command;

import dev.withstack.core.model.Environment;
import dev.withstack.launcher.command.BringUp.Afterwards;
import dev.withstack.launcher.command.BringUp.Whole;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that brings the stack up in an environment of its own. */
abstract class UpCommand implements StackCommand {
    private final Environment environment;
    private final Whole whole;
    private final Afterwards afterwards;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    UpSwitches switches = new UpSwitches();

    @Option(names = "--attach", description = "stay, and restart what stays unhealthy; prod does so anyway")
    boolean attach;

    @Parameters(
            paramLabel = "STACK|SERVICE",
            completionCandidates = StackNames.class,
            description = "the stack, or services to start with what they need")
    List<String> words = new ArrayList<>();

    /**
     * @param whole what it starts when no service is named
     * @param afterwards what it does then, unless told to stay
     */
    UpCommand(Environment environment, Whole whole, Afterwards afterwards) {
        this.environment = environment;
        this.whole = whole;
        this.afterwards = afterwards;
    }

    @Override
    public final CommonOptions common() {
        return common;
    }

    @Override
    public final boolean takes(List<String> given) {
        words.addAll(given);
        return true;
    }

    @Override
    public final ExitCode run(Session session) throws InterruptedException {
        return new BringUp(session.in(environment), switches, whole).run(words, attach ? Afterwards.STAY : afterwards);
    }
}
