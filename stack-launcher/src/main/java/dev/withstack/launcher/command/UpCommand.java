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
abstract class UpCommand extends StackCommand {
    private final Environment environment;
    private final Whole whole;
    private final Afterwards afterwards;

    @Mixin
    UpSwitches switches = new UpSwitches();

    @Option(names = "--attach", description = "stay, and restart what stays unhealthy; prod does so anyway")
    boolean attach;

    @Option(names = "--clean", description = "throw the stack away first with all its data, after asking")
    boolean clean;

    @Option(names = "--yes", description = "with --clean: do not ask")
    boolean yes;

    @Option(names = "--logs", description = "show the logs afterwards, until Ctrl-C, instead of watching")
    boolean logs;

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
    public final boolean takes(List<String> given) {
        words.addAll(given);
        return true;
    }

    @Override
    public final ExitCode run(Session session) throws InterruptedException {
        List<String> rest = session.in(environment).take(words);
        if (clean
                && !new TakeDown(session, List.of(), TakeDown.Reach.ENVIRONMENT)
                        .clean(yes ? Loss.Consent.GIVEN : Loss.Consent.ASK)) {
            return ExitCode.OK;
        }
        BringUp bringUp = new BringUp(session, switches, whole);
        return logs ? bringUp.runAndFollow(rest) : bringUp.run(rest, attach ? Afterwards.STAY : afterwards);
    }
}
