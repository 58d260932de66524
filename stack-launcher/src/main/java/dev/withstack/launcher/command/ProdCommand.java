package dev.withstack.launcher.command;

import dev.withstack.core.model.Environment;
import dev.withstack.launcher.command.BringUp.Afterwards;
import dev.withstack.launcher.command.BringUp.Whole;
import picocli.CommandLine.Command;

/** Starts the stack as a release, and stays to watch it. */
@Command(name = "prod", description = "Start the stack as a release, and stay to restart what stays unhealthy.")
final class ProdCommand extends UpCommand {
    ProdCommand() {
        super(Environment.PROD, Whole.EVERYTHING, Afterwards.STAY);
    }
}
