package dev.withstack.core.docker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.Locale;

/**
 * Hold an answer whose body is still to be read; it is the body's stream itself.
 *
 * <p>Read by one thread. Closing, by any thread, gives the connection back if the body was read to its end, else ends it.
 */
final class Response extends InputStream {

    private enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        UNTIL_END
    }

    private final HttpConnection connection;
    private final HttpConnection.Head head;
    private final ConnectionPool pool;
    private final Framing framing;
    private long remaining;
    private volatile boolean finished;
    private volatile boolean closed;

    Response(HttpConnection connection, HttpConnection.Head head, ConnectionPool pool) throws IOException {
        this.connection = connection;
        this.head = head;
        this.pool = pool;
        this.framing = framing();
        this.finished = framing == Framing.NONE;
    }

    private Framing framing() throws IOException {
        if (head.status() == 204 || head.status() == 304) {
            return Framing.NONE;
        }
        if (head.status() == 101) {
            return Framing.UNTIL_END;
        }
        if (head.header("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked")) {
            return Framing.CHUNKED;
        }
        String length = head.header("content-length");
        if (length.isEmpty()) {
            return Framing.UNTIL_END;
        }
        try {
            remaining = Long.parseLong(length);
        } catch (NumberFormatException e) {
            throw new ProtocolException("not a content length: '" + length + "'");
        }
        return remaining == 0 ? Framing.NONE : Framing.LENGTH;
    }

    int status() {
        return head.status();
    }

    String header(String name) {
        return head.header(name);
    }

    HttpConnection connection() {
        return connection;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (finished) {
            return -1;
        }
        if (length == 0) {
            return 0;
        }
        return switch (framing) {
            case NONE -> -1;
            case LENGTH -> readCounted(target, offset, length);
            case CHUNKED -> readChunk(target, offset, length);
            case UNTIL_END -> readRaw(target, offset, length);
        };
    }

    private int readRaw(byte[] target, int offset, int length) throws IOException {
        int count = connection.read(target, offset, length);
        finished = count < 0;
        return count;
    }

    private int readCounted(byte[] target, int offset, int length) throws IOException {
        int count = connection.read(target, offset, (int) Math.min(length, remaining));
        if (count < 0) {
            throw new EOFException("the connection ended in the middle of an answer");
        }
        remaining -= count;
        finished = remaining == 0 && framing == Framing.LENGTH;
        return count;
    }

    private int readChunk(byte[] target, int offset, int length) throws IOException {
        if (remaining == 0) {
            remaining = chunkSize(connection.readLine());
            if (remaining == 0) {
                skipTrailers();
                return -1;
            }
        }
        int count = readCounted(target, offset, length);
        if (remaining == 0 && !connection.readLine().isEmpty()) {
            throw new ProtocolException("a chunk does not end where it should");
        }
        return count;
    }

    private void skipTrailers() throws IOException {
        while (!connection.readLine().isEmpty()) {
            // Docker sends none that matter.
        }
        finished = true;
    }

    private static long chunkSize(String line) throws IOException {
        int end = line.indexOf(';');
        String digits = (end < 0 ? line : line.substring(0, end)).strip();
        try {
            return Long.parseLong(digits, 16);
        } catch (NumberFormatException e) {
            throw new ProtocolException("not a chunk size: '" + line + "'");
        }
    }

    boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean reusable = finished
                && framing != Framing.UNTIL_END
                && !head.header("connection").equalsIgnoreCase("close");
        if (reusable) {
            pool.give(connection);
        } else {
            pool.discard(connection);
        }
    }
}
