package dev.withstack.launcher.command;

import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Environment;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.launcher.console.JsonText;
import dev.withstack.launcher.console.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Lists the stacks that ship, and what of them is on the engine. */
@Command(
        name = "list",
        description = "List the stacks, and in which environments they are there. Works without an engine.")
final class ListCommand extends StackCommand {
    @Override
    public ExitCode run(Session session) {
        Table table = new Table("STACK", "ENVIRONMENTS", "DESCRIPTION");
        Optional<String> silence = Optional.empty();
        for (StackProfile profile : session.profiles().all()) {
            List<String> environments = List.of();
            if (silence.isEmpty()) {
                try {
                    environments = environmentsOf(session, profile);
                } catch (DriverException e) {
                    silence = Optional.of(
                            String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
                }
            }
            if (session.output() == OutputMode.JSON) {
                session.console().line(JsonText.of(fields(profile, environments, silence)));
            }
            table.row(profile.name(), String.join(", ", environments), profile.description());
        }
        if (session.output() != OutputMode.JSON) {
            table.lines(session.console().style()).forEach(session.console()::line);
        }
        silence.ifPresent(text -> session.remark("What is there can't be told: " + text));
        return ExitCode.OK;
    }

    private static List<String> environmentsOf(Session session, StackProfile profile) {
        List<String> environments = new ArrayList<>();
        for (Environment environment : placesOf(profile)) {
            Observed observed = session.anyDriver().observe(session.id(profile, environment));
            long running = observed.containers().values().stream()
                    .filter(Observed.Container::isRunning)
                    .count();
            if (!observed.containers().isEmpty()) {
                environments.add(environment.id() + " (" + running + " of "
                        + observed.containers().size() + " running)");
            } else if (!observed.volumes().isEmpty()) {
                environments.add(environment.id() + " (data only)");
            }
        }
        return environments;
    }

    private static List<Environment> placesOf(StackProfile profile) {
        List<Environment> places = new ArrayList<>(Environment.LASTING);
        if (profile.hasBase()) {
            places.add(0, Environment.BASE);
        }
        return places;
    }

    private static Map<String, Object> fields(
            StackProfile profile, List<String> environments, Optional<String> silence) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", "stack");
        fields.put("stack", profile.name());
        fields.put("description", profile.description());
        fields.put("environments", environments);
        silence.ifPresent(text -> fields.put("engine", text));
        return fields;
    }
}
