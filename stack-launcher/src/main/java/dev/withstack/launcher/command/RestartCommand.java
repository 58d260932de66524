package dev.withstack.launcher.command;

import dev.withstack.core.engine.Selection;
import dev.withstack.core.engine.UpOptions;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.Step;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Stops services and brings them up again. */
@Command(
        name = "restart",
        description =
                "Stop what runs, or the services named, and bring it up again, each when what it needs is healthy. Refused if"
                        + " other settings than those that it was started with would come along, unless --apply asks for"
                        + " them.")
final class RestartCommand extends ServicesCommand {
    @Option(
            names = "--apply",
            description = "let changed settings take effect: what they touch is made anew, its data stays")
    boolean apply;

    @Option(names = "--keep", description = "when a service fails, keep what was begun for a look")
    boolean keep;

    @Option(
            names = "--restart",
            description = "as given at the start: a process of this host is started again when it dies")
    boolean restart;

    @Option(
            names = "--skip-docker",
            description = "as given at the start: the servers that run on this host already are used")
    boolean skipDocker;

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> services = session.words().services(session.in(environment).take(words));
        UpSwitches switches = new UpSwitches();
        switches.keep = keep;
        switches.restart = restart;
        switches.skipDocker = skipDocker;
        StackDefinition definition = switches.applied(session.definition());
        List<String> there = session.runningDefinition().services().keySet().stream()
                .filter(name -> session.observed().container(name).isPresent())
                .toList();
        boolean isOfBase = services.stream()
                .anyMatch(name -> session.observedBase().container(name).isPresent());
        if (there.isEmpty() && !isOfBase) {
            throw session.notRunning();
        }
        Selection selection = new Selection.WithNeeds(services.isEmpty() ? there : services);
        if (!apply) {
            checkSettings(session, session.engine().plan(definition, selection, UpOptions.DEFAULT));
        }
        return new BringUp(session, switches, BringUp.Whole.EVERYTHING)
                .restart(definition, selection, switches.options());
    }

    /** Who restarts wants the same again: what a second terminal does not know of is not to be lost without a word. */
    static void checkSettings(Session session, Plan plan) {
        List<String> changed = plan.steps().stream()
                .filter(planned -> planned.step() instanceof Step.CreateContainer)
                .filter(planned -> planned.cause().startsWith("config changed"))
                .map(planned -> "  " + ((Step.CreateContainer) planned.step()).service() + ": " + planned.cause())
                .toList();
        if (!changed.isEmpty()) {
            throw new CommandFailedException(
                    ExitCode.INVALID,
                    session.id() + " was started with other settings than those given now, so nothing was touched:\n"
                            + String.join("\n", changed)
                            + "\nGive it the same (--set, environment, .env), or let those of now take effect with: "
                            + session.surroundings().program() + " restart --apply");
        }
    }
}
