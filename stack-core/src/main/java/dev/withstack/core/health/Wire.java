package dev.withstack.core.health;

import dev.withstack.core.model.HostAndPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Opens the short-lived connections that probes talk over. */
final class Wire {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

    /** A first answer may be slow, such as that of an application that warms up. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    private Wire() {}

    static Socket open(HostAndPort address) throws IOException {
        return open(address, ANSWER_TIMEOUT);
    }

    /** Open a connection; the caller closes it. */
    static Socket open(HostAndPort address, Duration answerTimeout) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) answerTimeout.toMillis());
            socket.connect(new InetSocketAddress(address.host(), address.port()), (int) CONNECT_TIMEOUT.toMillis());
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
