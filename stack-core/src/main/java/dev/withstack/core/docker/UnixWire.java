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

/** Carry bytes over a Unix domain socket; its channel knows no time-outs, hence the selector. */
final class UnixWire implements Wire {

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;

    private UnixWire(SocketChannel channel, Selector selector, SelectionKey key) {
        this.channel = channel;
        this.selector = selector;
        this.key = key;
    }

    static UnixWire connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            return new UnixWire(channel, selector, channel.register(selector, 0));
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
            await(SelectionKey.OP_READ, start, timeoutMillis);
            count = channel.read(view);
        }
        return count;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        ByteBuffer view = ByteBuffer.wrap(source, offset, length);
        channel.write(view);
        while (view.hasRemaining()) {
            await(SelectionKey.OP_WRITE, System.nanoTime(), FOREVER);
            channel.write(view);
        }
    }

    private void await(int operation, long start, int timeoutMillis) throws IOException {
        try {
            key.interestOps(operation);
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
    public void close() throws IOException {
        channel.close();
        selector.close();
    }
}
