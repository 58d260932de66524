package dev.withstack.core.docker;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Carry bytes over a Unix domain socket; its channel knows no time-outs, hence the selector. */
final class UnixWire implements Wire {

    private final SocketChannel channel;
    private final Selector readable;
    private @Nullable Selector writable;
    private boolean closed;

    private UnixWire(SocketChannel channel, Selector readable) {
        this.channel = channel;
        this.readable = readable;
    }

    static UnixWire connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            Selector readable = Selector.open();
            channel.register(readable, SelectionKey.OP_READ);
            return new UnixWire(channel, readable);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Connect and leave at once. */
    static void probe(Path socket) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
        }
    }

    @Override
    public int read(byte[] target, int offset, int length, int timeoutMillis) throws IOException {
        ByteBuffer view = ByteBuffer.wrap(target, offset, length);
        int count = channel.read(view);
        long start = System.nanoTime();
        while (count == 0) {
            await(readable, start, timeoutMillis);
            count = channel.read(view);
        }
        return count;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        ByteBuffer view = ByteBuffer.wrap(source, offset, length);
        channel.write(view);
        while (view.hasRemaining()) {
            await(writable(), System.nanoTime(), FOREVER);
            channel.write(view);
        }
    }

    /** Most calls are written in one go. */
    private synchronized Selector writable() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (writable == null) {
            writable = Selector.open();
            channel.register(writable, SelectionKey.OP_WRITE);
        }
        return writable;
    }

    private static void await(Selector selector, long start, int timeoutMillis) throws IOException {
        try {
            if (selector.select(remaining(start, timeoutMillis)) > 0) {
                selector.selectedKeys().clear();
            }
        } catch (ClosedSelectorException | CancelledKeyException closed) {
            throw new ClosedChannelException();
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
    }

    private static long remaining(long start, int timeoutMillis) throws SocketTimeoutException {
        if (timeoutMillis == FOREVER) {
            return 0;
        }
        long remaining = timeoutMillis - (System.nanoTime() - start) / 1_000_000;
        if (remaining <= 0) {
            throw new SocketTimeoutException("timed out");
        }
        return remaining;
    }

    @Override
    public boolean usable() {
        try {
            return channel.read(ByteBuffer.allocate(1)) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
        readable.close();
        if (writable != null) {
            writable.close();
        }
    }
}
