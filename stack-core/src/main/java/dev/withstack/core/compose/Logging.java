package dev.withstack.core.compose;

import dev.withstack.core.model.Service;
import java.util.Optional;

/** How much of a service's log is kept. */
final class Logging {
    private final Part part;
    private final Findings findings;

    /** @param part the service */
    Logging(Part part, Findings findings) {
        this.part = part;
        this.findings = findings;
    }

    Service of(Service service) {
        Optional<Part> logging = part.part("logging");
        if (logging.isEmpty()) {
            return service;
        }
        Vocabulary.LOGGING.check(logging.get(), findings);
        String driver = logging.get().text("driver").orElse("json-file");
        if (driver.equals("local")) {
            findings.warning(
                    logging.get().place("driver"), "logs are kept by 'json-file', which is much the same.", "");
        } else if (!driver.equals("json-file")) {
            findings.error(
                    logging.get().place("driver"),
                    "logs that go to '" + driver + "' are not to be seen with 'logs', nor in a diagnosis.",
                    "Leave 'driver' out, or say json-file.");
        }
        return logging.get()
                .part("options")
                .map(options -> rotated(options, service))
                .orElse(service);
    }

    private Service rotated(Part options, Service service) {
        for (String key : options.fields().keySet()) {
            if (!key.equals("max-size") && !key.equals("max-file")) {
                findings.warning(options.place(key), "the option '" + key + "' has no effect.", "");
            }
        }
        int files = options.number("max-file", 1, 1000).orElse(1);
        return options.size("max-size")
                .map(size -> service.logRotation(size, files))
                .orElse(service);
    }
}
