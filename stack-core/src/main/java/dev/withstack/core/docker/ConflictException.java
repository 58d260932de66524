package dev.withstack.core.docker;

/** Say that the state of things forbids the call: a name in use, a volume in use, a container that does not run. */
public final class ConflictException extends DockerException {

    private static final long serialVersionUID = 1L;

    public ConflictException(String engineMessage, String call) {
        super(409, engineMessage, call);
    }
}
