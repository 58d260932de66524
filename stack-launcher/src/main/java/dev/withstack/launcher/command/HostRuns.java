package dev.withstack.launcher.command;

import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.HostRun;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;
import dev.withstack.core.settings.Redaction;
import dev.withstack.launcher.console.Console;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Tells how to run on the host what was not started, ready to be copied. The well-known values of development are
 * shown; secrets that the user has set are fetched by a command, so that they stand neither on the screen nor in the
 * shell's history.
 */
final class HostRuns {
    private final Session session;
    private final RunningStack stack;

    HostRuns(Session session, RunningStack stack) {
        this.session = session;
        this.stack = stack;
    }

    void show() {
        boolean isForPeople = session.output() == OutputMode.PLAIN || session.output() == OutputMode.TTY;
        if (!isForPeople || session.environment() != Environment.DEV) {
            return;
        }
        for (String name : BringUp.leftOut(stack)) {
            Service service = stack.definition().service(name);
            boolean isUp = session.observed().container(name).isPresent();
            if (service.hostRun().isPresent() && !isUp && hasWhatItNeeds(service)) {
                show(service, service.hostRun().get());
            }
        }
    }

    private boolean hasWhatItNeeds(Service service) {
        return service.dependencies().stream()
                .map(Dependency::on)
                .allMatch(need -> stack.timeline().entries().containsKey(need)
                        || session.observed().container(need).isPresent());
    }

    private void show(Service service, HostRun run) {
        Console console = session.console();
        Path directory = session.project().directory().resolve(run.directory());
        console.line("");
        console.line("To run " + service.name() + " on this host:");
        console.line("");
        lines(service, run, directory).forEach(line -> console.line("  " + line));
    }

    private List<String> lines(Service service, HostRun run, Path directory) {
        List<String> lines = new ArrayList<>();
        lines.add("cd " + Shells.quote(directory.toString()));
        Redaction redaction = session.settings().redaction();
        boolean hasSecrets = false;
        for (Map.Entry<String, Value> variable : service.environment().entrySet()) {
            String value = variable.getValue().resolve(stack.addresses());
            if (redaction.apply(value).equals(value)) {
                lines.add("export " + variable.getKey() + "=" + Shells.quote(value));
            } else {
                hasSecrets = true;
            }
        }
        if (hasSecrets) {
            lines.add("eval \"$(" + session.surroundings().program() + " env "
                    + session.profile().name() + " "
                    + service.name() + " --project "
                    + Shells.quote(session.project().directory().toString())
                    + " --format shell --show-secrets)\"");
        }
        lines.add(String.join(" ", run.command().stream().map(Shells::quote).toList()));
        return lines;
    }
}
