package dev.withstack.core.diagnosis;

/**
 * One thing that a checkup has looked at.
 *
 * @param subject the service, or {@code engine}
 * @param text what was found
 * @param fix what to do about it; empty where nothing has to be done
 */
public record Finding(String subject, Verdict verdict, String text, String fix) {

    /** How it is. */
    public enum Verdict {
        GOOD,
        DOUBTFUL,
        BAD
    }

    static Finding good(String subject, String text) {
        return new Finding(subject, Verdict.GOOD, text, "");
    }

    static Finding doubtful(String subject, String text, String fix) {
        return new Finding(subject, Verdict.DOUBTFUL, text, fix);
    }

    static Finding bad(String subject, String text, String fix) {
        return new Finding(subject, Verdict.BAD, text, fix);
    }
}
