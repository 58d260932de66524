package dev.withstack.core.driver.process;

import dev.withstack.core.model.RestartPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a process is started with, resolved. One launcher may hand it to another, which keeps the stack's processes.
 *
 * @param environment all of its environment
 * @param grace how long it may take to end before it is killed
 */
record Launch(
        String service,
        Path directory,
        List<String> command,
        Map<String, String> environment,
        RestartPolicy restart,
        Duration grace,
        Optional<HealthAsk> health) {

    Fields toFields() {
        Fields fields = Fields.none()
                .put("service", service)
                .put("directory", directory)
                .putAll("command", command)
                .putAll("environment", environment)
                .put("restart", restart.name())
                .put("grace", grace);
        health.ifPresent(ask -> ask.write(fields));
        return fields;
    }

    static Launch of(Fields fields) {
        return new Launch(
                fields.text("service"),
                Path.of(fields.text("directory")),
                fields.texts("command"),
                fields.map("environment"),
                RestartPolicy.valueOf(fields.text("restart")),
                Duration.parse(fields.text("grace")),
                HealthAsk.read(fields));
    }
}
