package dev.withstack.launcher.command;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Removes containers and network, and the volumes where that is asked for. */
@Command(name = "down", description = "Stop and remove the stack; its volumes stay unless --volumes is given.")
final class DownCommand extends ServicesCommand {
    @Option(names = "--volumes", description = "remove the volumes too, with all their data, after asking")
    boolean volumes;

    @Option(names = "--images", description = "remove the images too that were built of its services")
    boolean images;

    @Option(names = "--yes", description = "do not ask")
    boolean yes;

    @Option(names = "--base", description = "the base that environments share too; refused while another uses it")
    boolean base;

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> services = session.in(environment).take(words);
        TakeDown takeDown =
                new TakeDown(session, services, base ? TakeDown.Reach.BASE_TOO : TakeDown.Reach.ENVIRONMENT);
        if (images) {
            takeDown.withImages();
        }
        return volumes ? takeDown.destroy(yes ? Loss.Consent.GIVEN : Loss.Consent.ASK) : takeDown.down();
    }
}
