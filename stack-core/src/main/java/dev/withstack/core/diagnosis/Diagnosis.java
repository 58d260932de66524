package dev.withstack.core.diagnosis;

import java.util.ArrayList;
import java.util.List;

/**
 * Why a start failed, in one block.
 *
 * @param service which one failed
 * @param phase what it was doing
 * @param kind what sort of failure it is
 * @param cause what happened
 * @param lastAnswer what its probe answered last; may be empty
 * @param logTail the last lines of its log
 * @param heldBack the services that were not started because of it
 * @param next what to try, most useful first
 */
public record Diagnosis(
        String service,
        Phase phase,
        Kind kind,
        String cause,
        String lastAnswer,
        List<String> logTail,
        List<String> heldBack,
        List<String> next) {
    public Diagnosis {
        logTail = List.copyOf(logTail);
        heldBack = List.copyOf(heldBack);
        next = List.copyOf(next);
    }

    /** What a service was doing when it failed. */
    public enum Phase {
        PULLING,
        BUILDING,
        PREPARING,
        CREATING,
        STARTING,
        WAITING,
        RUNNING,
        STOPPING,
        REMOVING;

        /** Return the phase in the words of a message. */
        public String text() {
            return switch (this) {
                case PULLING -> "getting its image";
                case BUILDING -> "building its image";
                case PREPARING -> "getting what it needs of this host";
                case CREATING -> "being created";
                case STARTING -> "being started";
                case WAITING -> "becoming ready";
                case RUNNING -> "running";
                case STOPPING -> "stopping";
                case REMOVING -> "being removed";
            };
        }
    }

    /** What sort of failure it is: exit codes are chosen by it. */
    public enum Kind {
        FAILED,
        TIMED_OUT
    }

    /** Return the whole as text, without colour. */
    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add("'" + service + "' failed while " + phase.text() + ": " + cause);
        if (!lastAnswer.isEmpty()) {
            lines.add("  last probe answer: " + lastAnswer);
        }
        if (!logTail.isEmpty()) {
            lines.add("  last log lines:");
            logTail.forEach(line -> lines.add("    | " + line));
        }
        if (!heldBack.isEmpty()) {
            lines.add("  held back: " + String.join(", ", heldBack));
        }
        if (!next.isEmpty()) {
            lines.add("  try next:");
            next.forEach(command -> lines.add("    " + command));
        }
        return String.join("\n", lines);
    }
}
