package dev.withstack.launcher.command;

import dev.withstack.core.model.Source;
import dev.withstack.core.plan.Step;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Builds the images of services that have a source. */
@Command(
        name = "build",
        description =
                "Build the images of the services that have a source, those too of which it has not changed. What runs goes on;"
                        + " the next start takes what is new.")
final class BuildCommand extends ServicesCommand {
    @Option(names = "--no-cache", description = "use nothing of what earlier builds have left")
    boolean noCache;

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> services = session.words().services(session.in(environment).take(words));
        session.sayProject();
        Step.Layers layers = noCache ? Step.Layers.MADE_ANEW : Step.Layers.REUSED;
        new BringImages(session, services, "built", service -> service.source() instanceof Source.Build)
                .bring((engine, listener) -> engine.build(session.definition(), services, layers, listener));
        return ExitCode.OK;
    }
}
