package dev.withstack.core.driver.process;

import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.DriverException.Kind;
import dev.withstack.core.model.Preparation;
import dev.withstack.core.model.Service;
import dev.withstack.core.plan.Observed.Lack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Looks what services that are processes need of this host, such as installed packages, and brings it about. */
final class Preparations {
    private static final int LOG_TAIL = 20;
    private static final Duration LONGEST_CHECK = Duration.ofSeconds(30);
    private static final Duration LONGEST_REMEDY = Duration.ofMinutes(15);

    private final Workplace workplace;

    Preparations(Workplace workplace) {
        this.workplace = workplace;
    }

    /**
     * Return what the service lacks, in order.
     *
     * @param examined what has been looked for already, for other services too
     */
    List<Lack> lacking(Service service, Map<Preparation, Optional<Lack>> examined) {
        List<Lack> lacks = new ArrayList<>();
        for (Preparation preparation : Workplace.processOf(service).preparations()) {
            examined.computeIfAbsent(preparation, unused -> examine(service, preparation))
                    .ifPresent(lacks::add);
        }
        return lacks;
    }

    private Optional<Lack> examine(Service service, Preparation preparation) {
        try {
            HostCommand.Outcome outcome =
                    workplace.command(service, preparation.check()).run(LONGEST_CHECK, line -> {});
            String missing = outcome.lastLine();
            return outcome.isGood()
                    ? Optional.empty()
                    : Optional.of(new Lack(
                            preparation.what(),
                            missing.isEmpty() ? "its check ended with exit code " + outcome.exitCode() : missing));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.REFUSED, "Interrupted while looking for " + preparation.what() + ".", "", e);
        }
    }

    /**
     * Bring it about.
     *
     * @throws DriverException with what the command said last, if it fails
     */
    void make(Service service, String what, Consumer<String> progress) throws InterruptedException {
        Preparation preparation = Workplace.processOf(service).preparations().stream()
                .filter(one -> one.what().equals(what))
                .findFirst()
                .orElseThrow();
        HostCommand command = workplace.command(service, preparation.remedy());
        HostCommand.Outcome outcome = command.run(LONGEST_REMEDY, progress);
        if (!outcome.isGood()) {
            List<String> lines = outcome.lines();
            String last = String.join("\n    | ", lines.subList(Math.max(0, lines.size() - LOG_TAIL), lines.size()));
            throw new DriverException(
                    Kind.REFUSED,
                    "'" + String.join(" ", preparation.remedy()) + "' ended with exit code " + outcome.exitCode()
                            + ":\n    | " + last,
                    "run it in '" + command.directory() + "' yourself: " + String.join(" ", command.command()));
        }
    }
}
