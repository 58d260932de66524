package dev.withstack.launcher.command;

import dev.withstack.core.model.Source;
import dev.withstack.core.plan.Step;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Builds the images of services that have a source. */
@Command(
        name = "build",
        description =
                "Build the images of the services that have a source, those too of which it has not changed. What runs goes on;"
                        + " the next start takes what is new.")
final class BuildCommand implements StackCommand {
    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Option(names = "--no-cache", description = "use nothing of what earlier builds have left")
    boolean noCache;

    @Parameters(
            paramLabel = "STACK|SERVICE",
            completionCandidates = StackNames.class,
            description = "the stack, or the services of which the images are built")
    List<String> words = new ArrayList<>();

    @Override
    public CommonOptions common() {
        return common;
    }

    @Override
    public boolean takes(List<String> given) {
        words.addAll(given);
        return true;
    }

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> services = session.services(session.in(environment).take(words));
        session.sayProject();
        Step.Layers layers = noCache ? Step.Layers.MADE_ANEW : Step.Layers.REUSED;
        new BringImages(session, services, "built", service -> service.source() instanceof Source.Build)
                .bring((engine, listener) -> engine.build(session.definition(), services, layers, listener));
        return ExitCode.OK;
    }
}
