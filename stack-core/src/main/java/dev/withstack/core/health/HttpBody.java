package dev.withstack.core.health;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The body of an HTTP answer, as far as it has come. No more than the first 64 KB are read. */
final class HttpBody {
    private static final int LARGEST = 64 * 1024;

    private final InputStream in;
    private final boolean isChunked;
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private int rest = LARGEST;

    HttpBody(String head, InputStream in) throws IOException {
        this.in = in;
        boolean chunked = false;
        for (String line : head.split("\r\n")) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                rest = (int) Math.min(LARGEST, length(header.substring(header.indexOf(':') + 1)));
            } else if (header.startsWith("transfer-encoding:") && header.contains("chunked")) {
                chunked = true;
            }
        }
        this.isChunked = chunked;
    }

    private static long length(String text) throws IOException {
        try {
            long length = Long.parseLong(text.strip());
            if (length >= 0) {
                return length;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new IOException("answered with a content length that is none: " + text.strip());
    }

    /** Read what comes next, waiting for it; return whether the body may have grown. */
    boolean readMore() throws IOException {
        byte[] buffer = new byte[8192];
        int count = rest > 0 && !isComplete() ? in.read(buffer, 0, Math.min(rest, buffer.length)) : -1;
        if (count < 0) {
            return false;
        }
        read.write(buffer, 0, count);
        rest -= count;
        return true;
    }

    /** Return what has been read so far. */
    String text() {
        byte[] bytes = read.toByteArray();
        return isChunked ? unchunked(bytes) : new String(bytes, StandardCharsets.UTF_8);
    }

    private boolean isComplete() {
        return isChunked && collectChunks(read.toByteArray(), new ByteArrayOutputStream());
    }

    private static String unchunked(byte[] bytes) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean unused = collectChunks(bytes, body);
        return body.toString(StandardCharsets.UTF_8);
    }

    /** Collect what stands in the chunks, and return whether the last one is there. */
    private static boolean collectChunks(byte[] bytes, ByteArrayOutputStream body) {
        int at = 0;
        while (at < bytes.length) {
            int lineEnd = at;
            while (lineEnd < bytes.length && bytes[lineEnd] != '\n') {
                lineEnd++;
            }
            int size = chunkSize(new String(bytes, at, lineEnd - at, StandardCharsets.ISO_8859_1));
            if (lineEnd == bytes.length || size <= 0) {
                return lineEnd < bytes.length;
            }
            int from = lineEnd + 1;
            int count = Math.min(size, bytes.length - from);
            body.write(bytes, from, count);
            // the chunk ends with a line break of its own
            at = from + size + 2;
        }
        return false;
    }

    /** Return the size that begins the line, 0 for the last chunk or for what is no size. */
    private static int chunkSize(String line) {
        try {
            return Integer.parseInt(line.split(";", 2)[0].strip(), 16);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
