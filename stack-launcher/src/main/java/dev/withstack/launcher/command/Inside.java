package dev.withstack.launcher.command;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.plan.ImageUse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs a command in a service's container. Docker's own program does that, since it can hand over the terminal and the
 * end of the input; where it is not installed, commands that need neither still run.
 */
final class Inside {
    private static final Duration WITHOUT_TERMINAL = Duration.ofHours(1);

    private final Session session;
    private final String service;

    Inside(Session session, String service) {
        this.session = session;
        this.service = service;
    }

    /**
     * @param variables the command's environment; the values stand on no command line
     * @return its exit code
     */
    int run(List<String> command, Map<String, String> variables) throws InterruptedException {
        refuseProcess();
        List<String> docker = new ArrayList<>(List.of("docker", "exec", "-i"));
        if (session.surroundings().terminal().canAnswer()) {
            docker.add("-t");
        }
        variables.keySet().forEach(variable -> docker.addAll(List.of("-e", variable)));
        docker.add(session.idOf(service).containerName(service));
        docker.addAll(command);
        session.console().flush();
        try {
            return session.surroundings().foreground().handOver(docker, variables);
        } catch (IOException e) {
            return withoutTerminal(command, variables, e);
        }
    }

    private void refuseProcess() {
        boolean isProcess = session.observed()
                .container(service)
                .map(container -> container.image().standing() == ImageUse.Standing.PROCESS)
                .orElse(false);
        if (isProcess) {
            throw CommandFailedException.usage("'" + service + "' is a process of this host: run the command here. Its"
                    + " environment: " + session.surroundings().program() + " env "
                    + session.profile().name() + " " + service + " --format shell");
        }
    }

    private int withoutTerminal(List<String> command, Map<String, String> variables, IOException cause)
            throws InterruptedException {
        if (session.surroundings().terminal().canAnswer() || !variables.isEmpty()) {
            CommandFailedException failure = new CommandFailedException(
                    ExitCode.ENGINE,
                    "The program 'docker' can't be run, and only it can hand over the terminal. Install Docker's client: docker-cli, or docker.io on Debian and Ubuntu.");
            failure.initCause(cause);
            throw failure;
        }
        Driver.ExecResult result = session.driver().exec(session.idOf(service), service, command, WITHOUT_TERMINAL);
        session.console().print(result.stdout());
        if (!result.stderr().isEmpty()) {
            session.console().error(result.stderr().stripTrailing());
        }
        return result.exitCode();
    }
}
