package dev.withstack.launcher.command;

import dev.withstack.core.model.Environment;
import dev.withstack.launcher.command.BringUp.Afterwards;
import dev.withstack.launcher.command.BringUp.Whole;
import picocli.CommandLine.Command;

/** Starts what a developer needs around the service that he works on. */
@Command(name = "dev", description = "Start what you develop against, and show how to run the rest on this host.")
final class DevCommand extends UpCommand {
    DevCommand() {
        super(Environment.DEV, Whole.DEVELOPED_ON, Afterwards.RETURN);
    }
}
