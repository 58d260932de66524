package dev.withstack.core.health;

import dev.withstack.core.model.HostAndPort;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * Connects, and listens for a moment: the engine's port proxy accepts connections before the server listens, and then
 * closes them at once.
 */
final class TcpProbe {
    private static final Duration MOMENT = Duration.ofMillis(20);

    private TcpProbe() {}

    static Answer ask(HostAndPort address) throws IOException {
        try (Socket socket = Wire.open(address, MOMENT)) {
            if (socket.getInputStream().read() < 0) {
                throw new EOFException();
            }
            return Answer.READY;
        } catch (SocketTimeoutException e) {
            // a server that waits for its client to speak first
            return Answer.READY;
        }
    }
}
