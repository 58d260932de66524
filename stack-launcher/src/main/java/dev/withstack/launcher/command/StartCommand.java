package dev.withstack.launcher.command;

import dev.withstack.core.model.Environment;
import dev.withstack.launcher.command.BringUp.Afterwards;
import dev.withstack.launcher.command.BringUp.Whole;
import picocli.CommandLine.Command;

/** Starts the whole stack for development. */
@Command(name = "start", description = "Start the whole stack, in the environment dev.")
final class StartCommand extends UpCommand {
    StartCommand() {
        super(Environment.DEV, Whole.EVERYTHING, Afterwards.RETURN);
    }
}
