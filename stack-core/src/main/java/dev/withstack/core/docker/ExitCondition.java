package dev.withstack.core.docker;

/** Name what to wait for in {@link Containers#watchExit}. */
public enum ExitCondition {
    /** The container does not run: true at once for one that was never started. */
    NOT_RUNNING("not-running"),
    /** The container ends after now: right for one that is about to be started. */
    NEXT_EXIT("next-exit"),
    /** The container is gone. */
    REMOVED("removed");

    private final String word;

    ExitCondition(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
