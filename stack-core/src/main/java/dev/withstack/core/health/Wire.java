package dev.withstack.core.health;

import dev.withstack.core.model.HostAndPort;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A short-lived connection that a probe talks over. Its time is counted for the whole conversation: a server that sends
 * a byte now and then does not keep a probe for ever. Not safe for use by several threads.
 */
final class Wire implements Closeable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

    /** A first answer may be slow, such as that of an application that warms up. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private long end;

    private Wire(Socket socket, Duration longest) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(new Timed(socket.getInputStream()));
        this.out = socket.getOutputStream();
        this.end = System.nanoTime() + longest.toNanos();
    }

    /** Open a connection for a conversation of a few seconds. */
    static Wire open(HostAndPort address) throws IOException {
        return open(address, ANSWER_TIMEOUT);
    }

    /** Open a connection for a conversation that takes at most so long. */
    static Wire open(HostAndPort address, Duration longest) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(address.host(), address.port()), (int) CONNECT_TIMEOUT.toMillis());
            return new Wire(socket, longest);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Return what the server says; reading ends with a {@link SocketTimeoutException} when the time is over. */
    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    /** Let the conversation end when this time has passed from now on. */
    void endWithin(Duration rest) {
        end = System.nanoTime() + rest.toNanos();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private final class Timed extends InputStream {
        private final InputStream raw;

        Timed(InputStream raw) {
            this.raw = raw;
        }

        @Override
        public int read() throws IOException {
            byte[] single = new byte[1];
            return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            long rest = (end - System.nanoTime() + 999_999) / 1_000_000;
            if (rest <= 0) {
                throw new SocketTimeoutException("Read timed out");
            }
            socket.setSoTimeout((int) rest);
            return raw.read(bytes, offset, length);
        }
    }
}
