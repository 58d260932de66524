package dev.withstack.core.compose;

import dev.withstack.core.model.Limits;
import java.util.List;
import java.util.Optional;

/** What a service may use at most, and what is kept for it: as {@code deploy} says it, or as it was said before that. */
final class Resources {
    private final Part part;
    private final Findings findings;

    /** @param part the service */
    Resources(Part part, Findings findings) {
        this.part = part;
        this.findings = findings;
    }

    Limits limits() {
        Limits limits = Limits.NONE;
        limits = withSize(limits, part.size("mem_limit"), Limits::memory);
        limits = withSize(limits, part.size("mem_reservation"), Limits::reservedMemory);
        limits = positive(part, "cpus").map(limits::cpus).orElse(limits);
        limits = part.number("cpu_shares", 0, 1_000_000)
                .map(shares -> shares / 1024.0)
                .map(limits::reservedCpus)
                .orElse(limits);
        limits = part.number("pids_limit", -1, Integer.MAX_VALUE)
                .filter(pids -> pids > 0)
                .map(limits::pids)
                .orElse(limits);
        Optional<Part> resources = part.part("deploy").flatMap(deploy -> deploy.part("resources"));
        if (resources.isEmpty()) {
            return limits;
        }
        Vocabulary.RESOURCES.check(resources.get(), findings);
        return kept(resources.get(), most(resources.get(), limits));
    }

    private Limits most(Part resources, Limits limits) {
        Limits most = limits;
        for (Part amount : resources.part("limits").map(List::of).orElse(List.of())) {
            Vocabulary.LIMITS.check(amount, findings);
            most = withSize(most, amount.size("memory"), Limits::memory);
            most = positive(amount, "cpus").map(most::cpus).orElse(most);
            most = amount.number("pids", 1, Integer.MAX_VALUE).map(most::pids).orElse(most);
        }
        return most;
    }

    private Limits kept(Part resources, Limits limits) {
        Limits kept = limits;
        for (Part amount : resources.part("reservations").map(List::of).orElse(List.of())) {
            Vocabulary.RESERVATIONS.check(amount, findings);
            kept = withSize(kept, amount.size("memory"), Limits::reservedMemory);
            kept = positive(amount, "cpus").map(kept::reservedCpus).orElse(kept);
        }
        return kept;
    }

    /** Nothing at all means no limit. */
    private static Optional<Double> positive(Part part, String key) {
        return part.decimal(key).filter(number -> number > 0);
    }

    private interface WithSize {
        Limits of(Limits limits, String size);
    }

    private static Limits withSize(Limits limits, Optional<String> size, WithSize with) {
        return size.filter(text -> Limits.parseSize(text) > 0)
                .map(text -> with.of(limits, text))
                .orElse(limits);
    }
}
