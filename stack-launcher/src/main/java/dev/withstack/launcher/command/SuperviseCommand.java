package dev.withstack.launcher.command;

import java.util.List;
import picocli.CommandLine.Command;

/** Watches a stack that runs already. */
@Command(
        name = "supervise",
        description =
                "Stay with a stack that runs, or with some of its services, and restart what stays unhealthy, with pauses that"
                        + " grow and a limit. Changes nothing else; Ctrl-C leaves it running.")
final class SuperviseCommand extends ServicesCommand {
    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> there = session.words().existing(session.in(environment).take(words));
        List<String> services = session.runningDefinition().services().keySet().stream()
                .filter(there::contains)
                .toList();
        if (services.isEmpty()) {
            throw session.notRunning();
        }
        return new Watching(session, services, new UpSwitches()).run();
    }
}
