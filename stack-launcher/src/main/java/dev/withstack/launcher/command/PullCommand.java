package dev.withstack.launcher.command;

import dev.withstack.core.model.Source;
import java.util.List;
import picocli.CommandLine.Command;

/** Pulls the images that a stack runs from. */
@Command(
        name = "pull",
        description =
                "Pull the images that the services run from, those that are there too. What runs goes on; the next start takes"
                        + " what is new. Where no registry answers, what is there stays.")
final class PullCommand extends ServicesCommand {
    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> services = session.words().services(session.in(environment).take(words));
        new BringImages(session, services, "pulled", service -> service.source() instanceof Source.Image)
                .bring((engine, listener) -> engine.pull(session.definition(), services, listener));
        return ExitCode.OK;
    }
}
