package dev.withstack.launcher.command;

import dev.withstack.core.model.StackDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Runs a command in a service's container and ends with its exit code. */
@Command(
        name = "exec",
        description = {
            "Run a command inside a service's container, and end with its exit code.",
            "Options stand before the service; -- may stand before the command: exec redis -- redis-cli ping"
        })
final class ExecCommand extends StackCommand implements StopsAtFirstWord {
    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Parameters(paramLabel = "[STACK] SERVICE [--] COMMAND", description = "the service, and what to run in it")
    List<String> words = new ArrayList<>();

    @Override
    public boolean takes(List<String> given) {
        words.addAll(given);
        return true;
    }

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        boolean isStack = !words.isEmpty() && session.profiles().names().contains(words.get(0));
        List<String> target = words.subList(0, Math.min(words.size(), isStack ? 2 : 1));
        List<String> rest = words.subList(target.size(), words.size());
        List<String> command = !rest.isEmpty() && rest.get(0).equals("--") ? rest.subList(1, rest.size()) : rest;
        List<String> services = session.in(environment).take(target);
        if (services.size() != 1 || command.isEmpty()) {
            throw CommandFailedException.usage(
                    "exec needs one service and a command, such as: exec redis -- redis-cli ping");
        }
        String name = services.get(0);
        StackDefinition definition = session.runningDefinition();
        boolean isShell = definition.serviceWithShell(name).isPresent();
        if (!isShell) {
            session.words().services(List.of(name));
        }
        String service = definition
                .serviceWithShell(name)
                .orElseGet(() -> definition.program(name))
                .name();
        session.words().checkRuns(service);
        throw new ProgramEndedException(new Inside(session, service).run(command, Map.of()));
    }
}
