package dev.withstack.core.engine;

import dev.withstack.core.diagnosis.Diagnosis;

/** Thrown when a service did not come up; what was begun has been rolled back, unless it was to be kept. */
public final class StartFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Diagnosis diagnosis;

    StartFailedException(Diagnosis diagnosis, Throwable cause) {
        super(diagnosis.text(), cause);
        this.diagnosis = diagnosis;
    }

    public Diagnosis diagnosis() {
        return diagnosis;
    }
}
