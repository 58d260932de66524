package dev.withstack.core.docker;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Speak HTTP/1.1 over one wire, one exchange after the other. */
final class HttpConnection implements Closeable {

    private static final int LONGEST_LINE = 64 * 1024;

    private final Wire wire;
    private final byte[] buffer = new byte[16 * 1024];
    private int position;
    private int limit;
    private int timeoutMillis;

    HttpConnection(Wire wire) {
        this.wire = wire;
    }

    void timeoutMillis(int millis) {
        timeoutMillis = millis;
    }

    boolean usable() {
        return position == limit && wire.usable();
    }

    /** Send the call and read the head of the answer. */
    Head exchange(Call call, String prefix) throws IOException {
        send(call, prefix);
        Head head = readHead();
        while (head.status() == 100) {
            head = readHead();
        }
        return head;
    }

    private void send(Call call, String prefix) throws IOException {
        byte[] head = call.head(prefix);
        byte[] body = call.body();
        byte[] whole = new byte[head.length + body.length];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        wire.write(whole, 0, whole.length);
        InputStream stream = call.stream();
        if (stream != null) {
            sendChunks(stream);
        }
    }

    private void sendChunks(InputStream stream) throws IOException {
        byte[] chunk = new byte[64 * 1024];
        for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
            if (count > 0) {
                byte[] size = (Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
                wire.write(size, 0, size.length);
                wire.write(chunk, 0, count);
                wire.write(new byte[] {'\r', '\n'}, 0, 2);
            }
        }
        byte[] end = "0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        wire.write(end, 0, end.length);
    }

    private Head readHead() throws IOException {
        String start = readLine();
        if (!start.startsWith("HTTP/1.") || start.length() < 12) {
            throw new ProtocolException("not an HTTP answer: '" + start + "'");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        try {
            return new Head(Integer.parseInt(start.substring(9, 12)), headers);
        } catch (NumberFormatException e) {
            throw new ProtocolException("not an HTTP answer: '" + start + "'");
        }
    }

    /** Read to the next line feed; the line end is left out. */
    String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            if (position == limit && !fill()) {
                throw new EOFException("the connection ended in the middle of an answer");
            }
            int from = position;
            while (position < limit && buffer[position] != '\n') {
                position++;
            }
            line.append(new String(buffer, from, position - from, StandardCharsets.ISO_8859_1));
            if (line.length() > LONGEST_LINE) {
                throw new ProtocolException("a header of the answer is longer than " + LONGEST_LINE + " bytes");
            }
            if (position < limit) {
                position++;
                int length = line.length();
                return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
            }
        }
    }

    /** Read some bytes of a body. */
    int read(byte[] target, int offset, int length) throws IOException {
        if (position == limit) {
            if (length >= buffer.length) {
                return wire.read(target, offset, length, timeoutMillis);
            }
            if (!fill()) {
                return -1;
            }
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, count);
        position += count;
        return count;
    }

    /** Send bytes behind the head of an answer that made the connection a stream; another thread may read meanwhile. */
    void write(byte[] source, int offset, int length) throws IOException {
        wire.write(source, offset, length);
    }

    private boolean fill() throws IOException {
        int count = wire.read(buffer, 0, buffer.length, timeoutMillis);
        position = 0;
        limit = Math.max(count, 0);
        return count > 0;
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }

    /** Status and headers of an answer; header names are in lower case. */
    record Head(int status, Map<String, String> headers) {

        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }
}
