package dev.withstack.core.docker;

/** Say that the calling thread was interrupted during a call; its interrupt flag is set again. */
public final class EngineInterruptedException extends EngineException {

    private static final long serialVersionUID = 1L;

    public EngineInterruptedException(String call) {
        super("Interrupted during " + call, null);
    }
}
