package dev.withstack.core.docker;

/** Say why an image could not be pulled. */
public final class PullException extends EngineException {

    private static final long serialVersionUID = 1L;

    private final String reference;
    private final String detail;
    private final RegistryFailure failure;

    public PullException(String reference, String detail) {
        super("Can't pull image '" + reference + "': " + detail, null);
        this.reference = reference;
        this.detail = detail;
        this.failure = RegistryFailure.classify(detail);
    }

    /** Return the image that was asked for. */
    public String reference() {
        return reference;
    }

    /** Return the message of the engine, as it came. */
    public String detail() {
        return detail;
    }

    /** Return what kind of failure it is. */
    public RegistryFailure failure() {
        return failure;
    }
}
