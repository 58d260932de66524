package dev.withstack.core.docker;

import java.nio.file.Path;

/**
 * Name the PEM files of a TLS connection and how much the engine's certificate is trusted.
 *
 * <p>A file that does not exist is left out: without {@code ca} the trust store of the JVM decides, without
 * {@code certificate} and {@code key} no client certificate is sent.
 */
public record TlsFiles(Path ca, Path certificate, Path key, Verification verification) {

    /** How much the engine's certificate is trusted. */
    public enum Verification {
        /** The certificate must be signed by the authority and name the host. */
        REQUIRED,
        /** Any certificate is taken, as with {@code DOCKER_TLS=1} or a context with {@code SkipTLSVerify}. */
        SKIPPED
    }

    /** Name the three files as Docker does, in one directory: {@code ca.pem}, {@code cert.pem}, {@code key.pem}. */
    public static TlsFiles in(Path directory, Verification verification) {
        return new TlsFiles(
                directory.resolve("ca.pem"), directory.resolve("cert.pem"), directory.resolve("key.pem"), verification);
    }
}
