package dev.withstack.launcher.command;

/** One command of the launcher. Made and filled in anew for each run. */
public interface StackCommand {

    /** Return the options that every command has. */
    CommonOptions common();

    /**
     * Do what was asked.
     *
     * @throws CommandFailedException if that is not possible, with the exit code
     */
    ExitCode run(Session session) throws InterruptedException;
}
