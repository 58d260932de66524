package dev.withstack.launcher.command;

import java.util.List;
import picocli.CommandLine.Mixin;

/** One command of the launcher. Made and filled in anew for each run. */
public abstract class StackCommand {
    @Mixin
    CommonOptions common = new CommonOptions();

    /** Return the options that every command has. */
    public final CommonOptions common() {
        return common;
    }

    /**
     * Take words that stand behind the command and are no options, as picocli would: a command line without options,
     * as most are, then needs no parser, which takes longer to load than most commands to run.
     *
     * @return whether the command takes words at all
     */
    public boolean takes(List<String> given) {
        return given.isEmpty();
    }

    /**
     * Do what was asked.
     *
     * @throws CommandFailedException if that is not possible, with the exit code
     */
    public abstract ExitCode run(Session session) throws InterruptedException;
}
