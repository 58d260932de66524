package dev.withstack.core.engine;

import dev.withstack.core.driver.PostMortem.Memory;
import java.time.Duration;
import java.time.Instant;

/** Why a step did not succeed. */
sealed interface StepFailure {

    /** The host refused it, or it went wrong in a way that nobody foresaw. */
    record Broken(Throwable cause) implements StepFailure {}

    /** The container's main process ended; its probe may have answered before. */
    record Died(int exitCode, When when, String lastAnswer, Memory memory, Instant at) implements StepFailure {}

    /** The service was not ready within its patience. */
    record TimedOut(Duration patience, String lastAnswer) implements StepFailure {}

    /** Its probe says that waiting is in vain. */
    record Hopeless(String reason, String fix) implements StepFailure {}

    /** When a container died. */
    enum When {
        BEFORE_READY,
        AFTER_READY
    }
}
