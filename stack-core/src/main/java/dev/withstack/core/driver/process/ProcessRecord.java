package dev.withstack.core.driver.process;

import dev.withstack.core.driver.Lease;
import dev.withstack.core.model.Lineup;
import dev.withstack.core.model.Ordered;
import dev.withstack.core.plan.Fingerprint;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Observed.Health;
import dev.withstack.core.plan.Observed.State;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a process, as it stands in the state directory for every launcher to read.
 *
 * @param id tells it from any other that the service was or will be
 * @param lease says which process it is, so that another one that was given its number is never taken for it
 * @param launches how often it was started
 * @param exitCode meaningful once it has ended
 * @param trouble why its last start failed; may be empty
 * @param program what runs, for people
 * @param hostPorts the ports of the host by those inside
 */
record ProcessRecord(
        String id,
        String service,
        State state,
        Optional<Lease> lease,
        int launches,
        int exitCode,
        Optional<Instant> changedAt,
        Health health,
        String trouble,
        Duration grace,
        String program,
        Fingerprint fingerprint,
        List<String> needs,
        Map<Integer, Integer> hostPorts) {
    /** What the ids of processes begin with, and those of containers don't. */
    static final String PREFIX = "process:";

    /** What a process that was killed from outside ends with. */
    private static final int KILLED = 137;

    ProcessRecord {
        needs = List.copyOf(needs);
        hostPorts = Ordered.copyOf(hostPorts);
    }

    Family family() {
        return new Family(id, lease);
    }

    ProcessRecord running(Lease process, Instant at) {
        return new ProcessRecord(
                id,
                service,
                State.RUNNING,
                Optional.of(process),
                launches + 1,
                0,
                Optional.of(at),
                Health.STARTING,
                "",
                grace,
                program,
                fingerprint,
                needs,
                hostPorts);
    }

    ProcessRecord ended(State as, int code, Instant at) {
        return new ProcessRecord(
                id,
                service,
                as,
                lease,
                launches,
                code,
                Optional.of(at),
                Health.NONE,
                "",
                grace,
                program,
                fingerprint,
                needs,
                hostPorts);
    }

    /** Return the same, whose start failed before there was a process. */
    ProcessRecord troubled(String why, Instant at) {
        return new ProcessRecord(
                id,
                service,
                State.EXITED,
                Optional.empty(),
                launches + 1,
                KILLED,
                Optional.of(at),
                Health.NONE,
                why,
                grace,
                program,
                fingerprint,
                needs,
                hostPorts);
    }

    ProcessRecord health(Health now) {
        return new ProcessRecord(
                id,
                service,
                state,
                lease,
                launches,
                exitCode,
                changedAt,
                now,
                trouble,
                grace,
                program,
                fingerprint,
                needs,
                hostPorts);
    }

    /** Return the same as it really is: whoever should have noted its end may have been killed. */
    ProcessRecord seen(boolean isKept) {
        boolean isGone = state == State.RUNNING && lease.flatMap(Lease::process).isEmpty();
        return !isKept && (isGone || state == State.RESTARTING)
                ? ended(State.EXITED, KILLED, changedAt.orElse(Instant.EPOCH))
                : this;
    }

    Observed.Container toContainer(String name, String keeper) {
        return new Observed.Container(
                service,
                id,
                name,
                state,
                exitCode,
                state == State.RUNNING ? health : Health.NONE,
                "",
                fingerprint,
                needs,
                hostPorts,
                Set.of(),
                new ImageUse(program, program, "", ImageUse.Standing.PROCESS, "", ""),
                status(keeper),
                Lineup.Colour.BLUE);
    }

    private String status(String keeper) {
        return switch (state) {
            case RUNNING, PAUSED -> lease.map(process -> "pid " + process.pid()).orElse("") + keeper;
            case CREATED -> "created";
            case RESTARTING -> "ended with " + exitCode + ", to be started again";
            case EXITED, COMPLETED, DEAD -> exitCode == 0 ? "stopped" : "exited (" + exitCode + ")";
        };
    }

    Fields toFields() {
        Fields fields = Fields.none()
                .put("id", id)
                .put("service", service)
                .put("state", state.name())
                .put("launches", launches)
                .put("exitCode", exitCode)
                .put("health", health.name())
                .put("trouble", trouble)
                .put("grace", grace)
                .put("program", program)
                .put("fingerprint", fingerprint.toLabel())
                .putAll("needs", needs);
        lease.ifPresent(process -> fields.put("lease", process.toLabel()));
        changedAt.ifPresent(at -> fields.put("changedAt", at));
        Map<String, String> ports = new LinkedHashMap<>();
        hostPorts.forEach((inside, outside) -> ports.put(inside.toString(), outside.toString()));
        return fields.putAll("ports", ports);
    }

    static ProcessRecord of(Fields fields) {
        Map<Integer, Integer> ports = new LinkedHashMap<>();
        fields.map("ports").forEach((inside, outside) -> ports.put(Integer.valueOf(inside), Integer.valueOf(outside)));
        return new ProcessRecord(
                fields.text("id"),
                fields.text("service"),
                State.valueOf(fields.text("state")),
                Lease.fromLabel(fields.text("lease")),
                fields.number("launches"),
                fields.number("exitCode"),
                Optional.of(fields.text("changedAt"))
                        .filter(text -> !text.isEmpty())
                        .map(Instant::parse),
                Health.valueOf(fields.text("health")),
                fields.text("trouble"),
                Duration.parse(fields.text("grace")),
                fields.text("program"),
                Fingerprint.fromLabel(fields.text("fingerprint")),
                fields.texts("needs"),
                ports);
    }
}
