package dev.withstack.core.diagnosis;

/**
 * One thing that a checkup has looked at.
 *
 * @param subject the service, or {@code engine} and the like
 * @param text what was found
 * @param fix what to do about it; empty where nothing has to be done
 */
public record Finding(Group group, String subject, Verdict verdict, String text, String fix) {

    /** What it is about. */
    public enum Group {
        HOST("Engine and machine"),
        SETTINGS("Settings"),
        IMAGES("Images"),
        SERVICES("Services"),
        LEFTOVERS("Left over"),
        RELEASE("Before a release");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }
    }

    /** How it is. */
    public enum Verdict {
        GOOD,
        DOUBTFUL,
        BAD
    }

    /** Return a finding that asks for nothing. */
    public static Finding good(Group group, String subject, String text) {
        return new Finding(group, subject, Verdict.GOOD, text, "");
    }

    /** Return a finding that somebody should know of. */
    public static Finding doubtful(Group group, String subject, String text, String fix) {
        return new Finding(group, subject, Verdict.DOUBTFUL, text, fix);
    }

    /** Return a finding that something is wrong. */
    public static Finding bad(Group group, String subject, String text, String fix) {
        return new Finding(group, subject, Verdict.BAD, text, fix);
    }
}
