package dev.withstack.launcher.command;

import dev.withstack.core.model.Service;
import dev.withstack.core.model.Shell;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.NetworkAddresses;
import dev.withstack.launcher.console.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Opens what a service has for people to talk to: a database's own client, a shell. */
@Command(
        name = "shell",
        description = {
            "Open the shell of a service: a database's client, or sh.",
            "What stands behind -- is handed to it: shell db -- -c 'select 1'"
        })
final class ShellCommand extends StackCommand {
    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Parameters(
            paramLabel = "[STACK] SERVICE [-- ARGUMENT]",
            description = "the service, or the short name of its shell")
    List<String> words = new ArrayList<>();

    @Override
    public boolean takes(List<String> given) {
        words.addAll(given);
        return true;
    }

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> rest = session.in(environment).take(words);
        if (rest.isEmpty()) {
            throw CommandFailedException.usage("shell needs a service. There are: " + names(session) + ".");
        }
        String name = rest.get(0);
        Service service =
                session.runningDefinition().serviceWithShell(name).orElseGet(() -> withPlainShell(session, name));
        session.words().checkRuns(service.name());
        Shell shell = service.shell().orElseGet(() -> new Shell(name, List.of("sh"), Map.of()));
        List<String> command = new ArrayList<>(shell.command());
        command.addAll(rest.subList(1, rest.size()));
        Map<String, String> variables = new LinkedHashMap<>();
        NetworkAddresses addresses = new NetworkAddresses(session.definition());
        shell.environment().forEach((variable, value) -> variables.put(variable, value.resolve(addresses)));
        throw new ProgramEndedException(new Inside(session, service.name()).run(command, variables));
    }

    private static Service withPlainShell(Session session, String name) {
        List<String> candidates = new ArrayList<>();
        for (Service service : session.definition().servicesWithBase().values()) {
            candidates.add(service.name());
            service.shell().ifPresent(shell -> candidates.add(shell.alias()));
        }
        StackDefinition definition = session.runningDefinition();
        boolean isKnown = definition.servicesWithBase().containsKey(name)
                || definition.declared().containsKey(name);
        if (!isKnown) {
            throw CommandFailedException.usage("'" + name + "' is no service of "
                    + session.profile().name() + " and no shell." + Suggestion.sentence(name, candidates)
                    + " There are: " + names(session) + ".");
        }
        return definition.declared().containsKey(name)
                ? definition.program(name)
                : definition.owner(name).service(name);
    }

    private static String names(Session session) {
        List<String> names = new ArrayList<>();
        for (Service service : session.definition().servicesWithBase().values()) {
            names.add(service.shell()
                    .filter(shell -> !shell.alias().equals(service.name()))
                    .map(shell -> shell.alias() + " (" + service.name() + ")")
                    .orElse(service.name()));
        }
        return String.join(", ", names);
    }
}
