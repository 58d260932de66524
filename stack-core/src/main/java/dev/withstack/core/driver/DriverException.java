package dev.withstack.core.driver;

/** Thrown when the host refuses what it is asked, or can't be reached. */
public final class DriverException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String fix;

    public DriverException(Kind kind, String message, String fix, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.fix = fix;
    }

    public DriverException(Kind kind, String message, String fix) {
        super(message);
        this.kind = kind;
        this.fix = fix;
    }

    public Kind kind() {
        return kind;
    }

    /** Return what to do about it; may be empty. */
    public String fix() {
        return fix;
    }

    /** What went wrong, as far as callers must tell. */
    public enum Kind {
        /** The engine can't be reached, or is too old. */
        ENGINE,
        /** An image is not to be had. */
        IMAGE,
        /** A port of the host is taken. */
        PORT,
        /** A service, container or volume is not there. */
        NOT_FOUND,
        /** Anything else that the engine refused. */
        REFUSED
    }
}
