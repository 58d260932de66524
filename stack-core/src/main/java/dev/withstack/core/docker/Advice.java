package dev.withstack.core.docker;

/** Word what to do when an engine does not answer. */
final class Advice {

    static final String WINDOWS = "let Docker Desktop expose its engine over TCP (with TLS when not on localhost) and"
            + " set DOCKER_HOST=tcp://localhost:2375, or run inside WSL.";

    private Advice() {}

    static String forSocket(String problem) {
        return switch (problem) {
            case "permission denied" ->
                "You may not use that socket: join the group 'docker'"
                        + " (sudo usermod -aG docker $USER, then log in again), or run as root.";
            case "no such file" ->
                "Is Docker installed and running? On Linux: sudo systemctl start docker"
                        + " (or: sudo service docker start); on macOS and Windows: start Docker Desktop.";
            default ->
                "Is Docker running? On Linux: sudo systemctl start docker"
                        + " (or: sudo service docker start); on macOS and Windows: start Docker Desktop.";
        };
    }

    static String forPort(EngineAddress.Tls address) {
        return "Check host, port and certificates: "
                + address.files().certificate().getParent()
                + " should hold ca.pem, cert.pem and key.pem (DOCKER_CERT_PATH).";
    }

    static String forPort(EngineAddress.Tcp address) {
        return "Check that an engine listens on port " + address.port() + " of '" + address.host()
                + "' without TLS; with TLS set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH.";
    }

    static String forSsh(EngineAddress.Ssh address) {
        return "Check that this works without a question: ssh "
                + (address.port() > 0 ? "-p " + address.port() + " " : "")
                + address.destination() + " docker version"
                + "\nThe engine's socket there has to be " + address.socket()
                + "; another one stands behind the host: ssh://host/path/to/docker.sock";
    }
}
