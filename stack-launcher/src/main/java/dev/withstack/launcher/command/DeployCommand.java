package dev.withstack.launcher.command;

import dev.withstack.core.engine.Deployment;
import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.engine.UpOptions;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings up a new version beside the old one, then switches. */
@Command(
        name = "deploy",
        description = {
            "Bring up the new version of the services named, else of all that keep no data, beside the one that runs, on the"
                    + " same data; when all of it is ready,"
                    + " let the entry lead to it, without a request lost, and keep the old one as the way back: rollback."
                    + " Workers and what else has no entry follow after that.",
            "A new version that does not become ready is taken back, and the old one serves on. Migrations have to suit both"
                    + " versions: run them before."
        })
final class DeployCommand extends ServicesCommand {
    @Mixin
    RolloutSwitches switches = new RolloutSwitches();

    @Option(
            names = "--image",
            paramLabel = "[SERVICE=]IMAGE",
            description = "the image to deploy instead of what the definition says: of this service, or of what has an"
                    + " entry and all that runs from the same image")
    List<String> images = new ArrayList<>();

    @Option(
            names = "--run",
            paramLabel = "COMMAND",
            description = "run this line of shell in the new version before it has to be ready, such as"
                    + " 'alembic upgrade head'; where it fails, the new version is taken back")
    String run = "";

    @Option(names = "--accept", description = "what runs is good: end the version that was kept as the way back")
    boolean accept;

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> named = session.in(environment).take(words);
        List<String> services = session.words().services(named);
        if (session.observed().containers().isEmpty()) {
            throw session.notRunning();
        }
        StackEngine engine = session.engine();
        if (accept) {
            return accept(session, engine);
        }
        session.sayProject();
        StackDefinition definition = session.definition();
        Map<String, String> chosen = chosen(definition, named);
        Deployment deployment = new Deployment(services, chosen, run.isEmpty() ? List.of() : List.of("sh", "-c", run));
        UpOptions options = switches.options();
        if (switches.dryRun) {
            PlanCommand.show(session, engine.planDeployment(definition, deployment, options));
            return ExitCode.OK;
        }
        ExitCode exitCode = new BringUp(session, new UpSwitches(), BringUp.Whole.EVERYTHING)
                .replace(listener -> engine.deploy(definition, deployment, options, listener));
        session.remark("The version before is kept. Go back with: "
                + session.surroundings().program() + " rollback; when all is well, end it with: "
                + session.surroundings().program() + " deploy --accept");
        chosen.forEach(
                (name, image) -> Optional.ofNullable(definition.declared().get(name))
                        .ifPresent(service -> session.remark("Until down, " + name + " is started from " + image
                                + ". For longer, set " + service.variable("IMAGE") + "=" + image + " in .env")));
        return exitCode;
    }

    private static ExitCode accept(Session session, StackEngine engine) throws InterruptedException {
        boolean unused = Work.run(session, Work.Interrupted.STOPS_HALFWAY, listener -> {
            engine.accept(session.id(), listener);
            return true;
        });
        session.remark("There is no way back from what runs any more.");
        return ExitCode.OK;
    }

    /** Return the images that were asked for, by service. */
    private Map<String, String> chosen(StackDefinition definition, List<String> named) {
        Map<String, String> chosen = new LinkedHashMap<>();
        for (String word : images) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                String service = word.substring(0, equals);
                checkDeclared(service, definition);
                chosen.put(service, word.substring(equals + 1));
            } else {
                meant(definition, named).forEach(service -> chosen.put(service, word));
            }
        }
        return chosen;
    }

    private static void checkDeclared(String service, StackDefinition definition) {
        if (!definition.declared().containsKey(service)) {
            throw CommandFailedException.usage("'" + service + "' is no service of " + definition.name()
                    + ". Services: " + String.join(", ", definition.declared().keySet()) + ".");
        }
    }

    /** Return those named, or those with an entry, and all that run from the same image as one of them. */
    private static List<String> meant(StackDefinition definition, List<String> named) {
        List<Service> asked = definition.declared().values().stream()
                .filter(service -> named.isEmpty()
                        ? !definition.replicasBehind(service.name()).isEmpty()
                        : named.contains(service.name()))
                .toList();
        if (asked.isEmpty()) {
            throw CommandFailedException.usage("deploy can't tell of which service of " + definition.name()
                    + " that is the image. Say so, as in: deploy --image app=app:v2");
        }
        return definition.declared().values().stream()
                .filter(service -> asked.stream().anyMatch(one -> one.source().equals(service.source())))
                .map(Service::name)
                .toList();
    }
}
