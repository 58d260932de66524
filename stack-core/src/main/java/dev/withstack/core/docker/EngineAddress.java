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

    /**
     * A socket on another host, reached through SSH.
     *
     * @param destination the host as {@code ssh} is told it, with the user where one is given
     * @param port 0 leaves it to {@code ssh}
     * @param socket its path on that host
     */
    record Ssh(String destination, int port, String socket) implements EngineAddress {
        /** Where the engine's own default is. */
        static final String DEFAULT_SOCKET = "/var/run/docker.sock";

        /** Return the host without the user. */
        public String host() {
            return destination.substring(destination.lastIndexOf('@') + 1);
        }

        @Override
        public String url() {
            return "ssh://" + destination + (port > 0 ? ":" + port : "")
                    + (socket.equals(DEFAULT_SOCKET) ? "" : socket);
        }

        @Override
        public String toString() {
            return url();
        }
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}
