package dev.withstack.core.engine;

import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.PlannedStep;
import dev.withstack.core.plan.Step.CreateVolume;
import dev.withstack.core.plan.Step.StartContainer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers how long each service took to become ready, so that the next start begins with the slowest: on new volumes,
 * where a database is made first, and on those that are there. A hint and no more: what can't be read or written is
 * passed over.
 */
final class BootMemory {
    private final StateFile file;

    BootMemory(Path stateDirectory, StackId id) {
        // all runs of a stack in one environment boot alike
        StackId anyRun = new StackId(id.stack(), id.environment(), "");
        this.file = new StateFile(stateDirectory.resolve(anyRun.prefix() + ".boots"));
    }

    /** Return what is known of the services that the plan starts. */
    Map<String, Duration> recall(Plan plan) {
        Map<String, Duration> known = read();
        Map<String, Duration> boots = new LinkedHashMap<>();
        for (String service : started(plan)) {
            Optional.ofNullable(known.get(key(service, plan))).ifPresent(took -> boots.put(service, took));
        }
        return boots;
    }

    /** Remember how long the services took that were started; the others keep what is known of them. */
    void learn(Timeline timeline, Plan plan) {
        Map<String, Duration> boots = new LinkedHashMap<>(read());
        for (String service : started(plan)) {
            Optional.ofNullable(timeline.entries().get(service))
                    .ifPresent(entry -> boots.put(key(service, plan), entry.took()));
        }
        List<String> lines = new ArrayList<>();
        boots.forEach((service, took) -> lines.add(service + "=" + took));
        try {
            file.write(lines);
        } catch (IOException e) {
            // the next start begins in the order of the definition
        }
    }

    private Map<String, Duration> read() {
        Map<String, Duration> boots = new LinkedHashMap<>();
        try {
            for (String line : file.read()) {
                int equals = line.indexOf('=');
                boots.put(line.substring(0, Math.max(0, equals)), Duration.parse(line.substring(equals + 1)));
            }
        } catch (IOException | DateTimeParseException e) {
            return Map.of();
        }
        return boots;
    }

    private static String key(String service, Plan plan) {
        boolean isOnNewVolume = plan.steps().stream()
                .anyMatch(planned -> planned.step() instanceof CreateVolume volume
                        && volume.service().equals(service));
        return isOnNewVolume ? service + " on new volumes" : service;
    }

    private static List<String> started(Plan plan) {
        return plan.steps().stream()
                .map(PlannedStep::step)
                .filter(StartContainer.class::isInstance)
                .map(step -> ((StartContainer) step).service())
                .toList();
    }
}
