package dev.withstack.launcher.command;

import dev.withstack.core.model.Environment;
import dev.withstack.launcher.command.BringUp.Afterwards;
import dev.withstack.launcher.command.BringUp.Whole;
import picocli.CommandLine.Command;

/** Starts the stack as a rehearsal of the release. */
@Command(name = "stage", description = "Start the stack by the rules of the release, as a rehearsal.")
final class StageCommand extends UpCommand {
    StageCommand() {
        super(Environment.STAGE, Whole.EVERYTHING, Afterwards.RETURN);
    }
}
