package dev.withstack.core.docker;

/** Say that the engine is older than what is supported. */
public final class EngineTooOldException extends EngineException {

    private static final long serialVersionUID = 1L;

    private final String apiVersion;

    public EngineTooOldException(LocatedEngine engine, String apiVersion) {
        super(
                "The Docker engine at " + engine + " speaks API " + apiVersion
                        + "; needed is Docker Engine 20.10 (API 1.41) or newer.\n"
                        + "Update Docker (https://docs.docker.com/engine/install/) or point DOCKER_HOST to a newer engine.",
                null);
        this.apiVersion = apiVersion;
    }

    /** Return the newest API version that the engine offers, {@code unknown} when it does not say. */
    public String apiVersion() {
        return apiVersion;
    }
}
