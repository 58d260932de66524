package dev.withstack.launcher.command;

import dev.withstack.core.model.Environment;
import dev.withstack.launcher.command.BringUp.Afterwards;
import dev.withstack.launcher.command.BringUp.Whole;
import picocli.CommandLine.Command;

/** Starts the servers alone: the application is run on the host. */
@Command(
        name = "local",
        description = "Start the servers alone, those of a base too, and show how to run the application on this host.")
final class LocalCommand extends UpCommand {
    LocalCommand() {
        super(Environment.DEV, Whole.INFRASTRUCTURE, Afterwards.RETURN);
    }
}
