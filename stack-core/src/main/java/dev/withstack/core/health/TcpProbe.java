package dev.withstack.core.health;

import dev.withstack.core.model.HostAndPort;
import java.io.EOFException;
import java.io.IOException;
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
        try (Wire wire = Wire.open(address, MOMENT)) {
            return listen(wire);
        }
    }

    private static Answer listen(Wire wire) throws IOException {
        try {
            if (wire.in().read() < 0) {
                throw new EOFException();
            }
            return Answer.READY;
        } catch (SocketTimeoutException e) {
            // a server that waits for its client to speak first
            return Answer.READY;
        }
    }
}
