package dev.withstack.core.docker;

import java.nio.file.Path;

/**
 * Say where a Docker engine listens.
 *
 * <p>Every address prints as the URL that {@code DOCKER_HOST} would hold.
 */
public sealed interface EngineAddress {

    /** Return the address as {@code DOCKER_HOST} would hold it. */
    String url();

    /** A Unix domain socket. */
    record Unix(Path socket) implements EngineAddress {
        @Override
        public String url() {
            return "unix://" + socket;
        }

        @Override
        public String toString() {
            return url();
        }
    }

    /** A TCP port without encryption. */
    record Tcp(String host, int port) implements EngineAddress {
        @Override
        public String url() {
            return "tcp://" + bracketed(host) + ":" + port;
        }

        @Override
        public String toString() {
            return url();
        }
    }

    /** A TCP port with TLS. */
    record Tls(String host, int port, TlsFiles files) implements EngineAddress {
        @Override
        public String url() {
            return "tcp://" + bracketed(host) + ":" + port;
        }

        @Override
        public String toString() {
            return url() + " (TLS)";
        }
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}
