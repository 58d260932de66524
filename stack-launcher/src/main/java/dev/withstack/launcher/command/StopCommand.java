package dev.withstack.launcher.command;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Stops services, dependants first; nothing is removed. */
@Command(name = "stop", description = "Stop the stack or some of its services; they can be started again as they were.")
final class StopCommand extends ServicesCommand {
    @Option(names = "--base", description = "the base that environments share too; refused while another uses it")
    boolean base;

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> services = session.in(environment).take(words);
        return new TakeDown(session, services, base ? TakeDown.Reach.BASE_TOO : TakeDown.Reach.ENVIRONMENT).stop();
    }
}
