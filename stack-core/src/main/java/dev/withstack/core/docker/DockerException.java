package dev.withstack.core.docker;

/** Carry the refusal of the engine: its HTTP status and its own message. */
public sealed class DockerException extends EngineException permits NotFoundException, ConflictException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String engineMessage;
    private final String call;

    /**
     * @param status the HTTP status
     * @param engineMessage the message of the engine, as it came
     * @param call method and path, such as {@code POST /containers/create}
     */
    public DockerException(int status, String engineMessage, String call) {
        super(engineMessage + " (" + status + " from " + call + ")", null);
        this.status = status;
        this.engineMessage = engineMessage;
        this.call = call;
    }

    static DockerException of(int status, String engineMessage, String call) {
        return switch (status) {
            case 404 -> new NotFoundException(engineMessage, call);
            case 409 -> new ConflictException(engineMessage, call);
            default -> new DockerException(status, engineMessage, call);
        };
    }

    /** Return the HTTP status. */
    public int status() {
        return status;
    }

    /** Return the message of the engine, as it came. */
    public String engineMessage() {
        return engineMessage;
    }

    /** Return method and path of the call. */
    public String call() {
        return call;
    }
}
