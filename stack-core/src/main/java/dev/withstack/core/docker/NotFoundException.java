package dev.withstack.core.docker;

/** Say that the engine does not have the container, image, network or volume. */
public final class NotFoundException extends DockerException {

    private static final long serialVersionUID = 1L;

    public NotFoundException(String engineMessage, String call) {
        super(404, engineMessage, call);
    }
}
