package dev.withstack.core.engine;

import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.Step.StartContainer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers how long each service took to become ready, so that the next start begins with the slowest. A hint and no
 * more: what can't be read or written is passed over.
 */
final class BootMemory {
    private final StateFile file;

    BootMemory(Path stateDirectory, StackId id) {
        // all runs of a stack in one environment boot alike
        StackId anyRun = new StackId(id.stack(), id.environment(), "");
        this.file = new StateFile(stateDirectory.resolve(anyRun.prefix() + ".boots"));
    }

    Map<String, Duration> recall() {
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

    /** Remember how long the services took that were started; the others keep what is known of them. */
    void learn(Timeline timeline, Plan plan) {
        Map<String, Duration> boots = new LinkedHashMap<>(recall());
        timeline.entries().values().stream()
                .filter(entry -> isStarted(entry.service(), plan))
                .forEach(entry -> boots.put(entry.service(), entry.took()));
        List<String> lines = new ArrayList<>();
        boots.forEach((service, took) -> lines.add(service + "=" + took));
        try {
            file.write(lines);
        } catch (IOException e) {
            // the next start begins in the order of the definition
        }
    }

    private static boolean isStarted(String service, Plan plan) {
        return plan.steps().stream()
                .anyMatch(planned -> planned.step() instanceof StartContainer start
                        && start.service().equals(service));
    }
}
