package dev.withstack.core.docker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.util.Map;
import javax.net.ssl.SSLSocket;

/** Carry bytes over TCP, plain or with TLS; the channel underneath makes it end on an interrupt. */
final class SocketWire implements Wire {

    /** Asked after ten seconds of silence, and then every five, three times; by the names that systems with such options have. */
    private static final Map<String, Integer> KEEP_ALIVE =
            Map.of("TCP_KEEPIDLE", 10, "TCP_KEEPINTERVAL", 5, "TCP_KEEPCOUNT", 3);

    private static final long LONGEST_IDLE_NANOS = 5_000_000_000L;

    private final SocketChannel channel;
    private final Socket socket;
    private final InputStream input;
    private final OutputStream output;
    private long lastUsed = System.nanoTime();

    private SocketWire(SocketChannel channel, Socket socket) throws IOException {
        this.channel = channel;
        this.socket = socket;
        this.input = socket.getInputStream();
        this.output = socket.getOutputStream();
    }

    static SocketWire connect(EngineAddress.Tcp address, int timeoutMillis) throws IOException {
        SocketChannel channel = open(address.host(), address.port(), timeoutMillis);
        return new SocketWire(channel, channel.socket());
    }

    static SocketWire connect(EngineAddress.Tls address, int timeoutMillis)
            throws IOException, GeneralSecurityException {
        PemTls tls = PemTls.of(address.files());
        SocketChannel channel = open(address.host(), address.port(), timeoutMillis);
        try {
            SSLSocket socket = tls.over(channel.socket(), address.host(), address.port());
            socket.setSoTimeout(timeoutMillis);
            socket.startHandshake();
            return new SocketWire(channel, socket);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static SocketChannel open(String host, int port, int timeoutMillis) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(new InetSocketAddress(host, port), timeoutMillis);
            channel.socket().setTcpNoDelay(true);
            keepAlive(channel.socket());
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Whoever only listens, as for events, hears that the other host is gone within half a minute. */
    private static void keepAlive(Socket socket) throws IOException {
        socket.setKeepAlive(true);
        for (SocketOption<?> option : socket.supportedOptions()) {
            Integer value = KEEP_ALIVE.get(option.name());
            if (value != null && option.type() == Integer.class) {
                @SuppressWarnings("unchecked") // its type says so
                SocketOption<Integer> known = (SocketOption<Integer>) option;
                socket.setOption(known, value);
            }
        }
    }

    @Override
    public int read(byte[] target, int offset, int length, int timeoutMillis) throws IOException {
        socket.setSoTimeout(timeoutMillis);
        int count = input.read(target, offset, length);
        lastUsed = System.nanoTime();
        return count;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        output.write(source, offset, length);
        output.flush();
    }

    /** Tell whether it was used just now: whether the other side still listens can't be asked here. */
    @Override
    public boolean usable() {
        return System.nanoTime() - lastUsed < LONGEST_IDLE_NANOS;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
