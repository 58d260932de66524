package dev.withstack.launcher.command;

import dev.withstack.core.engine.UpOptions;
import dev.withstack.core.model.StackDefinition;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Throws the data of services away and begins afresh. */
@Command(
        name = "reset",
        description = "Remove containers and volumes with all their data, after asking, and bring up again what ran.")
final class ResetCommand extends ServicesCommand {
    @Option(names = "--yes", description = "do not ask")
    boolean yes;

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> services = session.words().services(session.in(environment).take(words));
        StackDefinition definition = session.definition();
        List<String> volumes = session.engine().volumesOf(definition, services);
        List<String> losses = new ArrayList<>(
                volumes.stream().map(volume -> "volume " + volume).toList());
        if (!session.observedBase().volumes().isEmpty()) {
            session.engine().sharesOf(definition, services).forEach(share -> losses.add(share.text()));
        }
        if (losses.isEmpty() && session.observed().containers().isEmpty()) {
            session.console().line(session.id() + " has nothing that could be reset.");
            return ExitCode.OK;
        }
        if (losses.isEmpty()) {
            losses.add("no volume: only containers");
        }
        String what = "This removes " + (services.isEmpty() ? session.id() : String.join(", ", services))
                + " with all its data:";
        Loss loss = new Loss(session, yes ? Loss.Consent.GIVEN : Loss.Consent.ASK);
        if (!loss.isAgreed(what, losses)) {
            return ExitCode.OK;
        }
        Work.run(session, Work.Interrupted.STOPS_HALFWAY, listener -> {
            UpOptions options = UpOptions.DEFAULT.newVolumes(UpOptions.NewVolumes.KEPT_FIRST);
            session.engine().reset(definition, services, options, listener);
            return ExitCode.OK;
        });
        if (session.output() != OutputMode.QUIET && session.output() != OutputMode.JSON) {
            session.console()
                    .line((services.isEmpty() ? session.id().toString() : String.join(", ", services))
                            + " is as new; what ran before runs again.");
        }
        return ExitCode.OK;
    }
}
